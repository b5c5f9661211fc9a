import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runToEnd } from "../support/run-script";

const UNITS = fileURLToPath(new URL("../../docs/examples/systemd", import.meta.url));

/** What `systemd-analyze security` may find at most, in tenths: the helper is root, the panel is nobody. */
const EXPOSURE: Readonly<Record<string, number>> = {
  "portcullis-helper.service": 36,
  "portcullis.service": 15,
};

describe("the systemd units", () => {
  const scratch = mkdtempSync(join(tmpdir(), "portcullis-units-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  it.for(readdirSync(UNITS))(
    "%s: systemd takes it as it is, and finds little that it leaves open",
    async (name, context) => {
      const { code } = await runToEnd("systemd-analyze", ["--version"]).catch(() => ({ code: 1 }));
      if (code !== 0) context.skip("systemd-analyze is not installed (package systemd)");
      const unit = join(scratch, name);
      // Where the programs lie is the package's business; that they are there is asked for.
      const text = readFileSync(join(UNITS, name), "utf8");
      writeFileSync(unit, text.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
      expect(await runToEnd("systemd-analyze", ["verify", "--man=no", unit])).toMatchObject({
        code: 0,
        stderr: "",
      });
      const limit = `--threshold=${EXPOSURE[name]}`;
      const judged = await runToEnd("systemd-analyze", [
        "security",
        "--offline=true",
        "--no-pager",
        limit,
        unit,
      ]);
      expect(judged.code, judged.stdout).toBe(0);
      for (const line of [
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "SystemCallFilter=@system-service",
      ])
        expect(text.split("\n")).toContain(line);
      expect(/^User=(.*)$/m.exec(text)?.[1]).toBe(name === "portcullis.service" ? "portcullis" : "root");
    },
  );
});
