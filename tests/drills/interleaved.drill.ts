import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { Cli } from "../support/cli";
import { DOVECOTS } from "../support/dovecot-versions";
import { generator } from "../support/killed-at-random";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";
import type { DrillReport } from "./report";

const ROUNDS = 50;

/** Two administrators and a command line at once, in every order that chance makes. */
export default async function drill(): Promise<DrillReport> {
  const failures: string[] = [];
  const facts: [string, string][] = [];
  const dovecot = DOVECOTS.find(({ missing }) => !missing);
  if (!dovecot) return { title: TITLE, about: ABOUT, facts, failures: ["No Dovecot is here."] };
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = generator(seed);
  const sandbox = await startSandbox(dovecot);
  const seen: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const faults = await oneRound(sandbox, random, (kind) => (seen[kind] = (seen[kind] ?? 0) + 1));
    if (faults.length > 0) failures.push(`seed ${seed}, round ${round}\n${faults.join("\n")}`);
  }
  failures.push(...(await overlaps(sandbox)));
  await sandbox.remove();
  facts.push(["rounds", `${ROUNDS}, seed ${seed}`]);
  facts.push([
    "answers",
    Object.entries(seen)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", "),
  ]);
  return { title: TITLE, about: ABOUT, facts, failures };
}

const TITLE = "Two administrators and a command line at once";
const ABOUT =
  "Three changes begin at once, at moments a few milliseconds apart: two from forms that were opened on the same revision, one by the command line. Of the forms one is saved and the other told of the conflict, or what it asked for stands; the command line's change is saved in any case; afterwards what is wanted is in force, seen on every port; and no two runs of the engine overlap, so there was one reload at a time.";

async function oneRound(
  sandbox: TestSandbox,
  random: () => number,
  count: (kind: string) => void,
): Promise<string[]> {
  const cli = new Cli(sandbox.home.folder);
  const { wanted } = await mailserverStatus(sandbox.node);
  const value = () => 20 + Math.floor(random() * 900);
  const [pop3, idle, limit] = [!wanted.values.pop3, value(), value()];
  const later = async <T>(action: () => Promise<T>) => {
    await sandbox.node.ports.wait(random() * 300);
    return await action();
  };
  const options = { baseRevision: wanted.number };
  const [first, second, shell] = await Promise.all([
    later(() => save(sandbox, { pop3 }, options)),
    later(() => save(sandbox, { idle_check_s: idle }, options)),
    later(() => cli.run("mailserver", "set", `imap_max_connections=${limit}`, "--json")),
  ]);
  const after = await mailserverStatus(sandbox.node);
  const { values } = after.wanted;
  const faults = differences(after);
  const judge = (name: string, kind: string, stands: boolean) => {
    count(kind);
    if (kind !== "conflict" && !(kind === "done" && stands))
      faults.push(`${name}: ${kind}, and it does not stand.`);
  };
  judge("the first form", first.kind, values.pop3 === pop3);
  judge("the second form", second.kind, values.idle_check_s === idle);
  if (first.kind === "done" && second.kind === "done") faults.push("Both forms of one revision were saved.");
  judge(
    "the command line",
    shell.code === 0 ? "done" : `exit ${shell.code}`,
    values.imap_max_connections === limit,
  );
  return faults;
}

/** Each attempt ended before the next began. */
async function overlaps(sandbox: TestSandbox): Promise<string[]> {
  const attempts = await sandbox.node.db.attempt.findMany({ orderBy: { startedAt: "asc" } });
  return attempts.flatMap((attempt, index) => {
    const before = attempts[index - 1];
    return before && before.finishedAt > attempt.startedAt
      ? [`The attempts ${before.id} and ${attempt.id} overlap.`]
      : [];
  });
}
