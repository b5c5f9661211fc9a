import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineFacts } from "../support/machine-facts";
import { type BenchReport, ratios, tableOfReport } from "./measure";

/** Runs one bench, prints its table and keeps its figures beside the facts of the machine they were taken on. */
export async function report(root: string, name: string, bench: () => Promise<BenchReport>): Promise<void> {
  process.stdout.write(`\n${name}\n`);
  const result = await bench();
  process.stdout.write(`${result.title}\n\n${tableOfReport(result).join("\n")}\n`);
  for (const note of result.notes) process.stdout.write(`  ${note}\n`);
  const folder = join(root, "docs/bench");
  mkdirSync(folder, { recursive: true });
  const kept = {
    name,
    title: result.title,
    measuredAt: new Date().toISOString(),
    machine: await machineFacts(),
    rows: result.rows.map((row) => ({ ...row, ratio: ratios(row) })),
    notes: result.notes,
  };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}
