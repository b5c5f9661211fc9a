import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderSettings } from "@/lib/core/dovecot/render";
import { defaultSettings } from "@/lib/core/settings/schema";
import { outside } from "@/lib/system/dovecot/instance";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox, WEB } from "../support/helper-sandbox";
import { readByPop3 } from "../support/mail-clients";
import { bundled, runToEnd } from "../support/run-script";

// What is said is the same for every version.
describe.each(DOVECOTS.slice(-1))(
  "a panel that was taken over, and the helper, Dovecot $family",
  (dovecot) => {
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
      const { ports, instance } = at.sandbox.node;
      const generated = join(dirname(at.sandbox.configFile), "portcullis");
      const account = at.sandbox.accounts[0]!;
      // Links where the panel's user may write, to where it may not.
      for (const name of ["apply", "portcullis", "staging", "helper.json"])
        symlinkSync("/etc", join(at.web.folder, `${name}.link`));
      const mail = join(dirname(at.sandbox.configFile), "../mail");
      const roots = [
        dirname(at.sandbox.configFile),
        outside(instance, instance.stagingDir),
        mail,
        ...["helper", "run"].map((name) => join(at.folder, name)),
        ...["/etc/dovecot", "/etc/passwd"].filter((path) => existsSync(path)),
      ];
      const before = roots.flatMap(tree);
      const args = [script, at.socket, JSON.stringify(account)];
      const { code, stdout, stderr } = await runToEnd(process.execPath, args, {}, WEB);
      expect(code, stderr).toBe(0);
      const answers = JSON.parse(stdout.split("\n").at(-1) ?? "") as Record<string, string>;
      expect(Object.keys(answers).length).toBeGreaterThan(400);
      const nothing =
        /^(?:refused|closed|nothing|done: (?:0|null|\[\[.*"state":"no-such-user","user":null\}\]\]|\{"kind":"rejected".*)$)/;
      const effects = Object.entries(answers).filter(([, answer]) => !nothing.test(answer));
      expect(effects.map(([name, answer]) => `${name}: ${answer.slice(0, 23)}`)).toEqual([
        'a commit: done: {"kind":"unchange',
        "while 200 hang: done: true",
        "200 that hang are let go: yes",
        '200 at once: done: {"supported":true',
      ]);

      const { files } = renderSettings(defaultSettings, await ports.target(), ports.digest);
      for (const [name, text] of Object.entries(files))
        expect(readFileSync(join(generated, name), "utf8")).toBe(text);
      // Besides the copies of what worked before, and the helper's record of what was done.
      const expected = /\/last-known-good\/|\/helper\/record\.json /;
      const after = roots.flatMap(tree);
      const changed = [
        ...after.filter((one) => !before.includes(one)),
        ...before.filter((one) => !after.includes(one)),
      ];
      expect(changed.filter((one) => !expected.test(one))).toEqual([]);
      expect(await readByPop3({ port: at.sandbox.ports.pop3, account, encryption: "none" })).toBeGreaterThan(
        0,
      );
      expect(await at.cli("verify")).toMatchObject({ code: 0 });
      expect(at.log()).not.toContain("a fault");
    }, 300_000);
  },
);

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
