import { createHash } from "node:crypto";
import { chownSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderSettings } from "@/lib/core/dovecot/render";
import { defaultSettings } from "@/lib/core/settings/schema";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox, WEB } from "../support/helper-sandbox";
import { readByPop3 } from "../support/mail-clients";
import { bundled, runToEnd } from "../support/run-script";

describe.each(DOVECOTS)("a panel that was taken over, and the helper, Dovecot $family", (dovecot) => {
  let at: HelperSandbox;
  let script: string;
  const missing = dovecot.missing ?? notRoot();
  beforeAll(async () => {
    if (missing) return;
    script = await bundled("tests/support/web-attack");
    at = await startHelperSandbox(dovecot);
  });
  afterAll(async () => await at?.remove());
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  it("says all it can: nothing of its choosing gets into a file, nothing outside is touched, and the helper still answers", async () => {
    const generated = join(dirname(at.sandbox.configFile), "portcullis");
    const { address } = at.sandbox.accounts[0]!;
    // Links where the panel's user may write, to where it may not.
    for (const name of ["apply", "journal.json", "helper.json", "portcullis", "settings.conf", "staging"]) {
      const link = join(at.web.folder, `${name}.link`);
      symlinkSync("/etc", link);
      chownSync(dirname(link), WEB.uid, WEB.gid);
    }
    const roots = [
      dirname(at.sandbox.configFile),
      join(at.folder, "helper"),
      join(at.folder, "run"),
      "/etc/dovecot",
      "/etc/passwd",
    ];
    const before = roots.flatMap(tree);
    const { code, stdout, stderr } = await runToEnd(
      process.execPath,
      [script, at.socket, JSON.stringify({ address })],
      {},
      WEB,
    );
    expect(code, stderr).toBe(0);
    const answers = JSON.parse(stdout.split("\n").at(-1) ?? "") as Record<string, string>;
    const done = Object.entries(answers).filter(([, answer]) => !/^(refused|closed)/.test(answer));
    expect(Object.keys(answers).length).toBeGreaterThan(400);
    console.log(done);
    console.log(Object.entries(answers).slice(0, 70));

    const target = await at.sandbox.node.ports.target();
    const { files } = renderSettings(defaultSettings, target, at.sandbox.node.ports.digest);
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(generated, name), "utf8")).toBe(text);
    const after = roots.flatMap(tree);
    console.log(
      after.filter((x) => !before.includes(x)),
      before.filter((x) => !after.includes(x)),
    );
    expect(
      await readByPop3({ port: at.sandbox.ports.pop3, account: at.sandbox.accounts[0]!, encryption: "none" }),
    ).toBeGreaterThan(0);
    expect(await at.cli("verify")).toMatchObject({ code: 0 });
    expect(at.log()).not.toContain("a fault");
  }, 180_000);
});

/** Every file below a folder: its kind, owner, mode and content. */
function tree(path: string): string[] {
  const found = lstatSync(path);
  const facts = `${path} ${found.uid}:${found.gid} ${found.mode.toString(8)}`;
  if (found.isSymbolicLink()) return [`${facts} -> ${readlinkSync(path)}`];
  if (found.isFile()) return [`${facts} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`];
  if (!found.isDirectory()) return [facts];
  return [
    facts,
    ...readdirSync(path)
      .toSorted()
      .flatMap((name) => tree(join(path, name))),
  ];
}
