import { performance } from "node:perf_hooks";

/** What a row of samples comes to, in the row's unit. Percentiles are samples that were seen, not interpolated. */
export interface Figures {
  n: number;
  min: number;
  p50: number;
  p95: number;
  max: number;
}

export interface BenchRow {
  what: string;
  unit: "ms" | "s" | "kB" | "MB" | "count" | "per second";
  ours: Figures;
  /** The same work by hand, measured in the same run: what any product must need at least. */
  floor?: { what: string; figures: Figures };
  /** What was aimed at, where something was, for instance `p95 ≤ 50 ms`. Said, not judged. */
  target?: string;
}

export interface BenchReport {
  title: string;
  rows: BenchRow[];
  /** What a reader must know to compare: how it was measured, what was left out. */
  notes: string[];
}

export function figuresOf(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return {
    n: sorted.length,
    min: rounded(sorted[0] ?? Number.NaN),
    p50: rounded(at(0.5)),
    p95: rounded(at(0.95)),
    max: rounded(sorted.at(-1) ?? Number.NaN),
  };
}

/** One value that needs no repetition, such as a size. */
export function figure(value: number): Figures {
  return figuresOf([value]);
}

/** Milliseconds that an action took. */
async function timeOf(action: () => unknown): Promise<number> {
  const begun = performance.now();
  await action();
  return performance.now() - begun;
}

/** Runs an action so many times, after `warmUp` runs that don't count. Returns milliseconds. */
export async function repeated(
  times: number,
  action: (round: number) => unknown,
  warmUp = 0,
): Promise<number[]> {
  const taken: number[] = [];
  for (let round = -warmUp; round < times; round++) {
    const took = await timeOf(() => action(round));
    if (round >= 0) taken.push(took);
  }
  return taken;
}

/** How many times the floor ours is, at the median and at the 95th percentile. */
export function ratios({ ours, floor }: BenchRow): { p50: number; p95: number } | undefined {
  if (!floor) return undefined;
  return { p50: rounded(ours.p50 / floor.figures.p50), p95: rounded(ours.p95 / floor.figures.p95) };
}

/** A table of text, each column as wide as its widest cell; all but the first are aligned right. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
}

export function tableOfReport({ rows }: BenchReport): string[] {
  return tableOf([
    ["", "unit", "n", "p50", "p95", "max", "floor p50", "p95", "ratio p50", "p95", "target"],
    ...rows.map((row) => {
      const times = ratios(row);
      return [
        row.what,
        row.unit,
        String(row.ours.n),
        ...[row.ours.p50, row.ours.p95, row.ours.max].map(shown),
        ...[row.floor?.figures.p50, row.floor?.figures.p95].map(shown),
        ...[times?.p50, times?.p95].map(shown),
        row.target ?? "",
      ];
    }),
  ]);
}

function shown(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en-GB", { maximumFractionDigits: 3 });
}

/** Three figures that mean something; whole numbers stay whole. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}
