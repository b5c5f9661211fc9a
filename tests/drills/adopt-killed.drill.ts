import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { missing, SCENARIOS, startServer } from "../support/adoptable";
import { Cli, PORTCULLIS } from "../support/cli";
import { generator } from "../support/killed-at-random";
import { signIns, snapshot } from "../support/system-dovecot";
import type { DrillReport } from "./report";

const ROUNDS = 24;
/** Most of a command looks; what writes is over in a third of a second. It is killed within that from its first file on. */
const WITHIN_MS = 350;

/** Adopting and giving back, each killed at a moment that chance chooses. */
export default async function drill(): Promise<DrillReport> {
  const failures: string[] = [];
  const scenario = SCENARIOS.find(({ own }) => own)!;
  const reason = await missing(scenario);
  if (reason) return { title: TITLE, about: ABOUT, facts: [], failures: [reason] };
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = generator(seed);
  const folder = await mkdtemp(join(tmpdir(), "portcullis-drill-"));
  await chmod(folder, 0o711);
  const server = await startServer(scenario, folder);
  const left: Record<string, number> = {};
  try {
    const seen = {
      files: filesOf(server.etc),
      works: JSON.stringify(await signIns(server.ports, scenario.accounts)),
    };
    for (let round = 0; round < ROUNDS; round++) {
      const home = join(folder, `home-${round}`);
      const cli = new Cli(home);
      const isBack = round % 2 === 1;
      if (isBack) await cli.run("adopt", ...server.options, "--yes");
      const words = isBack ? ["release", "--yes"] : ["adopt", ...server.options, "--yes"];
      await killed(words, home, () => hasBegun(server.etc, isBack), random() * WITHIN_MS);
      const kind = `${words[0]} that left ${await stateOf(server.etc)}`;
      left[kind] = (left[kind] ?? 0) + 1;
      const tell = (what: string) => failures.push(`seed ${seed}, round ${round}, ${words[0]}: ${what}`);
      const meanwhile = JSON.stringify(await signIns(server.ports, scenario.accounts));
      if (meanwhile !== seen.works) tell(`sign-ins came to ${meanwhile}`);
      if (existsSync(join(home, "instance.json"))) {
        const { code, stderr } = await cli.run("release", "--yes");
        if (code !== 0) tell(`release ended with ${code}: ${stderr}`);
      }
      if (JSON.stringify(filesOf(server.etc)) !== JSON.stringify(seen.files))
        tell("the files are not as they were found");
      await rm(home, { recursive: true, force: true });
    }
  } finally {
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
  const facts: [string, string][] = [
    ["rounds", `${ROUNDS}, seed ${seed}`],
    [
      "found after the kill",
      Object.entries(left)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", "),
    ],
  ];
  return { title: TITLE, about: ABOUT, facts, failures };
}

const TITLE = "Adopting and giving back, killed at a random moment";
const ABOUT =
  "portcullis adopt, and every other time release, is killed (SIGKILL) at a random moment after it wrote its first file. Right after it everybody signs in by IMAP and POP3 as before; `portcullis release` then gives the server back with the very files of before, by bytes, owner, mode and time.";

function filesOf(etc: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(etc)).filter(([path]) => !/^(?:run|mail|dovecot\.log)/.test(path)),
  );
}

function recordOf(etc: string): string {
  return join(etc, "portcullis/adoption/record.json");
}

async function stateOf(etc: string): Promise<string> {
  const record = await readFile(recordOf(etc), "utf8").catch(() => "");
  return record === "" ? "no record" : `"${(JSON.parse(record) as { state: string }).state}"`;
}

/** Something was written: the folder, or the record that says that it is being given back. */
function hasBegun(etc: string, isBack: boolean): boolean {
  if (!isBack) return existsSync(join(etc, "portcullis"));
  return !existsSync(recordOf(etc)) || readFileSync(recordOf(etc), "utf8").includes('"releasing"');
}

async function killed(
  words: readonly string[],
  home: string,
  begun: () => boolean,
  afterMs: number,
): Promise<void> {
  const child = spawn(PORTCULLIS, words, { env: { ...process.env, PORTCULLIS_HOME: home }, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (child.exitCode === null && !begun()) await sleep(1);
  await Promise.race([sleep(afterMs), ended]);
  child.kill("SIGKILL");
  await ended;
}
