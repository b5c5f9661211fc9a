import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { startSandbox, type TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";

const sandboxes: TestSandbox[] = [];
afterAll(async () => {
  for (const sandbox of sandboxes) await sandbox.remove();
});

it("follows Dovecot from 2.3 to 2.4 and back: noticed, planned, written, in force", async (context) => {
  const [old, modern] = DOVECOTS;
  for (const one of [old, modern]) if (one?.missing) context.skip(one.missing);
  if (!old || !modern) throw new Error("Two versions are needed.");
  const before = await startSandbox(old);
  sandboxes.push(before);
  const cli = new Cli(before.home.folder);
  const [anna, ben] = before.accounts;
  if (!anna || !ben) throw new Error("The sandbox has too few accounts.");
  await cli.run("mailserver", "set", "pop3=off", "idle_check_s=45", "--reason", "before the upgrade");
  await cli.run("accounts", "set", anna.address, "imap=deny", "--no-proof");
  await before.stop();

  // The other Dovecot with a configuration of its own language, and in it what 2.3 was given.
  const after = await startSandbox(modern);
  sandboxes.push(after);
  await after.stop();
  const description = readFileSync(before.home.instance, "utf8");
  const generated = join(dirname(after.configFile), "portcullis");
  // Written into, so that it stays the file of Dovecot's user.
  writeFileSync(
    join(dirname(after.configFile), "users"),
    readFileSync(join(dirname(before.configFile), "users")),
  );
  rmSync(generated, { recursive: true });
  cpSync(join(dirname(before.configFile), "portcullis"), generated, { recursive: true });
  cpSync(after.home.instance, before.home.instance);

  const drift = await cli.json<{ drift: { key: string; sentence: string }[] }>("drift");
  expect(drift.drift.find(({ key }) => key === "version-changed")?.sentence).toMatch(
    /^Dovecot 2\.4.* is installed, and the generated files are written for 2\.3/,
  );
  const files = readFileSync(join(generated, "settings.conf"), "utf8");
  const plan = await cli.json<{ outcome: string; diff: string }>("dovecot", "upgrade");
  expect(plan).toMatchObject({ code: 2, outcome: "plan", from: "2.3", to: "2.4" });
  expect(plan.diff).toMatch(/^-protocols = imap lmtp$/m);
  expect(plan.diff).toMatch(/^\+ {2}pop3 = no$/m);
  expect(readFileSync(join(generated, "settings.conf"), "utf8")).toBe(files);

  // A configuration that is still in the old language is told, and nothing is touched.
  const own = readFileSync(after.configFile, "utf8");
  writeFileSync(after.configFile, `${own}disable_plaintext_auth = no\n`);
  expect(await cli.json("dovecot", "upgrade", "--yes")).toMatchObject({ code: 3, outcome: "rejected" });
  expect(readFileSync(join(generated, "settings.conf"), "utf8")).toBe(files);
  writeFileSync(after.configFile, own);

  expect(await cli.json("dovecot", "upgrade", "--yes")).toMatchObject({ code: 0, outcome: "in-place" });
  expect(readdirSync(generated).filter((name) => name.endsWith(".ext"))).toEqual([]);
  expect(readFileSync(join(generated, "of-dovecot-2.3/settings.conf"), "utf8")).toBe(files);
  await after.start();
  expect(await cli.json("dovecot", "upgrade")).toMatchObject({ code: 0, outcome: "current" });
  const verified = await cli.run("verify");
  expect(verified, verified.stdout).toMatchObject({ code: 0 });
  const login = async (account: typeof anna) =>
    (
      await wireLogin({
        protocol: "imap",
        port: after.ports.imap,
        encryption: "none",
        mechanism: "PLAIN",
        user: account.address,
        password: account.password,
      })
    ).answer;
  expect([await login(anna), await login(ben)]).toEqual(["disabled", "ok"]);

  // And back, as after a downgrade of the package.
  await after.stop();
  writeFileSync(before.home.instance, description);
  rmSync(join(dirname(before.configFile), "portcullis"), { recursive: true });
  cpSync(generated, join(dirname(before.configFile), "portcullis"), { recursive: true });
  expect(await cli.json("dovecot", "upgrade", "--yes")).toMatchObject({
    code: 0,
    outcome: "in-place",
    to: "2.3",
  });
  await before.start();
  expect(await cli.json("dovecot", "upgrade")).toMatchObject({ code: 0, outcome: "current" });
  expect(await cli.run("verify")).toMatchObject({ code: 0 });
  expect(existsSync(join(dirname(before.configFile), "portcullis/access-imap.conf.ext"))).toBe(true);
}, 240_000);
