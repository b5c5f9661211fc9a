import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineFacts } from "../support/machine-facts";

export interface DrillReport {
  title: string;
  /** What is drilled and what must hold; a paragraph. */
  about: string;
  /** Figures and seeds, in the order of the report. */
  facts: [name: string, value: string][];
  /** What did not hold, with what it takes to see it again. Empty when the drill passed. */
  failures: string[];
}

/** Runs one drill and keeps what came of it. True when it passed. */
export async function report(
  root: string,
  name: string,
  drill: () => Promise<DrillReport>,
): Promise<boolean> {
  process.stdout.write(`\n${name}\n`);
  const begun = Date.now();
  const { title, about, facts, failures } = await drill();
  const { cores, node, dovecot } = await machineFacts();
  const lines = [
    `# ${title}`,
    "",
    about,
    "",
    ...facts.map(([fact, value]) => `- ${fact}: ${value}`),
    `- took: ${Math.round((Date.now() - begun) / 1000)} s on ${cores} cores, Node ${node}, Dovecot ${Object.values(dovecot).join(" and ")}`,
    `- run: ${new Date().toISOString().slice(0, 10)}`,
    "",
    failures.length === 0 ? "Everything held." : "Did not hold:",
    ...failures.map((failure) => `\n\`\`\`\n${failure}\n\`\`\``),
    "",
  ];
  mkdirSync(join(root, "docs/drills"), { recursive: true });
  writeFileSync(join(root, "docs/drills", `${name}.md`), lines.join("\n"));
  process.stdout.write(lines.slice(4).join("\n"));
  return failures.length === 0;
}
