import { once } from "node:events";

/** Named in `portcullis --help` and docs/cli.md; scripts rely on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  conflict: 4,
  rolledBack: 5,
  stuck: 6,
  notInForce: 7,
  partial: 8,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line says something that can't be; the message says what and what can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

let code: ExitCode = EXIT.done;

export function exitCode(): ExitCode {
  return code;
}

export function setExitCode(value: ExitCode): void {
  code = value;
}

export function print(lines: string | readonly string[]): void {
  process.stdout.write(`${typeof lines === "string" ? lines : lines.join("\n")}\n`);
}

/** Writes a part of a long answer, no faster than whoever reads it takes it. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** What is not the answer itself: what went wrong, what to do next. */
export function note(lines: string | readonly string[]): void {
  process.stderr.write(`${typeof lines === "string" ? lines : lines.join("\n")}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  "),
  );
}
