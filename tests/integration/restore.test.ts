import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { once } from "../support/once";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

describe.each(DOVECOTS)("the last known good files, Dovecot $family", (dovecot) => {
  const itOnce = once(dovecot);
  let sandbox: TestSandbox;
  let generated: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    generated = join(dirname(sandbox.configFile), "portcullis");
    await save(sandbox, { idle_check_s: 45 });
  });
  afterAll(async () => await sandbox?.remove());

  it("say what they are, and can be put back by hand", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const text = readFileSync(join(generated, "last-known-good/settings.conf"), "utf8");
    expect(text).toMatch(/^# >>> Last known good, kept by Portcullis: revision 2\./);
    expect(text).toContain("portcullis restore");
    writeFileSync(join(generated, "settings.conf"), "protocols =\n");
    for (const name of ["settings.conf", "access.conf"])
      cpSync(join(generated, "last-known-good", name), join(generated, name));
    const status = await mailserverStatus(sandbox.node);
    expect([status.files, status.loaded, status.dovecot.trouble]).toEqual(["as-applied", true, null]);
  });

  itOnce(
    "are put back without the database by `portcullis restore`, checked and confirmed",
    async (context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const cli = new Cli(sandbox.home.folder);
      appendFileSync(join(generated, "settings.conf"), "nonsense = yes\n");
      const kept = readFileSync(sandbox.home.database);
      writeFileSync(sandbox.home.database, "gone");
      try {
        expect(await cli.json("restore", "--dry-run")).toMatchObject({
          code: 0,
          diff: expect.stringContaining("-nonsense = yes"),
        });
        const restored = await cli.json<{ probes: { wanted: string; seen: { state: string } }[] }>("restore");
        expect(restored).toMatchObject({ code: 0, outcome: "restored" });
        expect(restored.probes.map(({ wanted, seen }) => wanted === seen.state)).toEqual(Array(5).fill(true));
        expect(await cli.json("restore")).toMatchObject({ code: 0, outcome: "unchanged" });

        const good = join(generated, "last-known-good/settings.conf");
        const sound = readFileSync(good, "utf8");
        appendFileSync(good, "nonsense = yes\n");
        expect(await cli.json("restore")).toMatchObject({ code: 3, outcome: "rejected" });
        writeFileSync(good, sound);
        rmSync(join(generated, "settings.conf"));
        expect(await cli.json("restore")).toMatchObject({ code: 0, outcome: "restored" });
      } finally {
        writeFileSync(sandbox.home.database, kept);
      }
    },
  );
});
