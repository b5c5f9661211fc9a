import { DOVECOTS } from "../support/dovecot-versions";
import { generator, killAtRandom } from "../support/killed-at-random";
import { bundled } from "../support/run-script";
import { startSandbox } from "../support/sandbox";
import type { DrillReport } from "./report";

/** For each version. */
const RUNS = 110;

/** The property of tests/integration/killed-at-random.test.ts, over many more moments. */
export default async function drill(): Promise<DrillReport> {
  const failures: string[] = [];
  const facts: [string, string][] = [];
  const script = await bundled("tests/support/killed-save");
  for (const dovecot of DOVECOTS) {
    if (dovecot.missing) {
      facts.push([`Dovecot ${dovecot.family}`, `left out: ${dovecot.missing}`]);
      continue;
    }
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = generator(seed);
    const sandbox = await startSandbox(dovecot);
    const killed = { panel: 0, Dovecot: 0 };
    for (let run = 0; run < RUNS; run++) {
      const { what, faults } = await killAtRandom(sandbox, script, random);
      killed[what.startsWith("Dovecot") ? "Dovecot" : "panel"]++;
      if (faults.length > 0)
        failures.push(`Dovecot ${dovecot.family}, seed ${seed}, run ${run}: ${what}\n${faults.join("\n")}`);
    }
    const attempts = await sandbox.node.db.attempt.groupBy({ by: ["outcome"], _count: true });
    const outcomes = attempts.map(({ outcome, _count }) => `${_count} ${outcome}`).join(", ");
    facts.push([
      `Dovecot ${dovecot.family}`,
      `${RUNS} runs, seed ${seed}; killed: the panel ${killed.panel} times, Dovecot ${killed.Dovecot}; attempts: ${outcomes}`,
    ]);
    process.stdout.write(`  ${dovecot.family}: ${RUNS} runs\n`);
    await sandbox.remove();
  }
  return {
    title: "Killed at a random moment",
    about:
      "A save runs in a process of its own; that process or Dovecot is killed with SIGKILL at a random moment; then what the next start does is done. Afterwards the files are those of the revision in force, whole; the daemon runs them and IMAP answers; the database is sound; no run is left in the journal; and where what is wanted isn't in force, the page says so.",
    facts,
    failures,
  };
}
