import { spawn } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { missing, SCENARIOS, startServer } from "../support/adoptable";
import { Cli, PORTCULLIS } from "../support/cli";
import { notRoot, WEB } from "../support/helper-sandbox";
import { runToEnd } from "../support/run-script";
import { signIns } from "../support/system-dovecot";

const TRIED = SCENARIOS.filter(({ name }) => ["virtual-users", "debian-13"].includes(name));

/** As a package has it: root adopts, the panel is a user of its own, the helper does what needs root. */
describe.each(TRIED)(
  "a server as in $name, adopted for a panel of another user",
  { timeout: 180_000 },
  (scenario) => {
    const ends: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it("obeys through the helper, and is given back", async (context) => {
      const reason = notRoot() ?? (await missing(scenario));
      if (reason) context.skip(reason);
      const folder = await mkdtemp(join(tmpdir(), "portcullis-adopted-"));
      await chmod(folder, 0o755);
      ends.push(() => rm(folder, { recursive: true, force: true }));
      const server = await startServer(scenario, folder);
      ends.push(() => server.end());
      const home = join(folder, "home");
      await mkdir(home, { mode: 0o711 });
      await chown(home, WEB.uid, WEB.gid);
      const asFound = await readFile(server.conf, "latin1");
      const root = new Cli(home);
      const adopted = await root.json("adopt", ...server.options, "--yes", "--reason", "test");
      expect(adopted).toMatchObject({ code: 0, outcome: "adopted" });
      expect(JSON.parse(await readFile(join(home, "instance.json"), "utf8"))).toMatchObject({
        kind: "system",
        helper: { socket: `${home}-run/helper.sock` },
      });
      expect((await stat(`${home}-helper/helper.json`)).uid).toBe(0);

      const helper = spawn(PORTCULLIS, ["helper", "--home", `${home}-helper`], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const ended = new Promise<void>((resolve) => helper.once("exit", () => resolve()));
      ends.push(async () => {
        helper.kill("SIGTERM");
        await ended;
      });
      let said = "";
      helper.stderr.on("data", (text) => (said += String(text)));
      for (let waited = 0; !said.includes("listens at") && waited < 20_000; waited += 100) await sleep(100);

      const web = (...args: string[]) => runToEnd(PORTCULLIS, args, { PORTCULLIS_HOME: home }, WEB);
      const { accounts } = scenario;
      const first = accounts[0]?.address ?? "";
      expect(await web("verify")).toMatchObject({ code: 0, stderr: "" });
      expect(await web("accounts", "set", first, "pop3=deny")).toMatchObject({
        code: scenario.isMute ? 7 : 0,
      });
      expect(await signIns(server.ports, accounts)).toMatchObject({ [`${first} pop3`]: "disabled" });
      expect(await web("mailserver", "set", "pop3=off", "--reason", "IMAP only")).toMatchObject({ code: 0 });
      expect(await signIns(server.ports, accounts)).toMatchObject({
        [`${first} imap`]: "reads 1",
        [`${first} pop3`]: "refused",
      });
      expect(said).toMatch(/revision 2: applied/);
      // Root at a shell is the panel's user, and goes through the helper as well.
      expect(await root.run("restore", "--json")).toMatchObject({ code: 0 });
      expect(await root.run("mailserver", "set", "pop3=on")).toMatchObject({ code: 0 });
      expect(await root.run("verify")).toMatchObject({ code: 0 });

      expect(await root.json("release", "--yes")).toMatchObject({ code: 0, outcome: "released" });
      expect(await readFile(server.conf, "latin1")).toBe(asFound);
      expect(await signIns(server.ports, accounts)).toMatchObject({ [`${first} pop3`]: "reads 1" });
    });
  },
);
