import fc from "fast-check";
import { isWritten } from "@/lib/core/apply/overrides";
import { settings } from "@/lib/core/settings/catalogue";
import { type AvailableDovecot, DOVECOTS } from "../support/dovecot-versions";
import { readBackAt, SITES } from "../support/read-back";
import { anySettings, withoutContradictions } from "../support/settings-arbitrary";
import type { DrillReport } from "./report";

/** For each site and version: with five sites and two versions more than ten thousand. */
const STATES = 1050;

/** The property of tests/integration/settings-read-back.test.ts, over many more states. */
export default async function drill(): Promise<DrillReport> {
  const failures: string[] = [];
  const facts: [string, string][] = [];
  let states = 0;
  let values = 0;
  const overSites = async (dovecot: AvailableDovecot) => {
    for (const [name, texts] of Object.entries(SITES)) {
      if (dovecot.missing) {
        facts.push([`Dovecot ${dovecot.family}`, `left out: ${dovecot.missing}`]);
        return;
      }
      const site = await readBackAt(dovecot, `drill-${name.length}`, texts[dovecot.family]);
      const seed = Math.floor(Math.random() * 2 ** 31);
      const details = await fc.check(
        fc.asyncProperty(anySettings, async (given) => {
          const state = withoutContradictions(given, site.target);
          states++;
          values += settings.filter((setting) => isWritten(setting, state, dovecot.family)).length;
          const found = await site.differences(state);
          if (found.length > 0) throw new Error(found.join("\n"));
        }),
        { seed, numRuns: STATES },
      );
      site.remove();
      facts.push([
        `Dovecot ${dovecot.family}, a site that is ${name}`,
        `${details.numRuns} states, seed ${seed}`,
      ]);
      process.stdout.write(`  ${dovecot.family}, ${name}: ${details.numRuns} states\n`);
      if (details.failed)
        failures.push(
          `Dovecot ${dovecot.family}, ${name}, seed ${seed}, path ${details.counterexamplePath}\n${String(details.errorInstance)}`,
        );
    }
  };
  await Promise.all(DOVECOTS.map(overSites));
  return {
    title: "Settings, written and read back",
    about:
      "Any state that the schemas accept is rendered, accepted by the real `doveconf`, and reads back as that very state: every value that is written, on sites whose own files say different things.",
    facts: [
      ["states", states.toLocaleString("en-GB")],
      ["values written and read back", values.toLocaleString("en-GB")],
      ...facts.toSorted(([one], [other]) => one.localeCompare(other)),
    ],
    failures,
  };
}
