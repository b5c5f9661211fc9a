import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it, vi } from "vitest";
import { packageComplaints, unpinnedIn } from "@/bin/prepare/packages-checked.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

const cache = mkdtempSync(join(tmpdir(), "portcullis-npm-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** A registry that knows something against a package, or nothing, or doesn't answer such questions. */
async function complaintsWith(answer: { status: number; body: string }): Promise<string[]> {
  const server = createServer((request, response) => {
    const isAsked = request.url?.includes("/advisories/") ?? false;
    response.writeHead(isAsked ? answer.status : 404, { "content-type": "application/json" });
    response.end(isAsked ? answer.body : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("npm_config_cache", cache);
  try {
    return await packageComplaints(ROOT, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  }
}

/** npm remembers an advisory by its number. */
let advisories = 0;
const advisory = (severity: string) =>
  JSON.stringify({
    "csv-parse": [
      {
        id: ++advisories,
        url: "https://advisories.example/1",
        title: "It breaks",
        severity,
        vulnerable_versions: "<999",
        cwe: [],
        cvss: { score: 9, vectorString: null },
      },
    ],
  });

it("fails on what is really known to be grave, and on nothing that can't be asked", async () => {
  expect(await complaintsWith({ status: 200, body: advisory("critical") })).toEqual([
    expect.stringMatching(/^packages: csv-parse is known to be vulnerable \(critical\)$/),
  ]);
  expect(await complaintsWith({ status: 200, body: advisory("moderate") })).toEqual([]);
  expect(await complaintsWith({ status: 200, body: "{}" })).toEqual([]);
  expect(await complaintsWith({ status: 405, body: "" })).toEqual([]);
});

it("takes one version for a package and no range", () => {
  const dependencies = { a: "1.2.3", b: "^1.2.3", c: "1.2.3-rc.1", d: "*", e: "1.x", f: "git://x" };
  expect(unpinnedIn({ dependencies })).toEqual(["b ^1.2.3", "d *", "e 1.x", "f git://x"]);
});
