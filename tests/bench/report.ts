import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { run } from "@/lib/system/run";
import { DOVECOTS } from "../support/dovecot-versions";
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

async function machineFacts() {
  const dovecot = await Promise.all(
    DOVECOTS.filter(({ missing }) => missing === undefined).map(async ({ family, root }) => {
      const [program, args] = root === "" ? ["dovecot", []] : ["chroot", [root, "dovecot"]];
      const { stdout } = await run(program, [...args, "--version"], { timeoutMs: 5000 });
      return [family, stdout.trim().split(" ")[0] ?? ""] as const;
    }),
  );
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    kernel: release(),
    node: process.versions.node,
    dovecot: Object.fromEntries(dovecot),
  };
}
