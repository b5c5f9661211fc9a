import { randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import type { PolicyLine } from "@/lib/core/access/policy-line";
import { onDisk } from "@/lib/system/files";
import { rulesOf } from "../../access/rows";
import type { MailNode } from "../../node";
import { BadFile } from "../files/bad-file";
import { type ImportFormat, policyLines } from "./policy-file";
import { type Prepared, PreparedFiles } from "./prepared-files";
import { unknownSubjects } from "./unknown-subjects";

export interface ImportSource {
  /** For people: the file's name. */
  name: string;
  format: ImportFormat;
  content: AsyncIterable<Uint8Array>;
}

/** A line that can't be taken; `line` is null where it is the file as a whole. */
export interface ImportProblem {
  line: number | null;
  sentence: string;
}

/** What a file would do. */
export interface ImportCheck {
  /** By which it is imported; undefined when something is wrong with it, and then nothing of it can be. */
  id: string | undefined;
  name: string;
  /** It was exported here, so that what is effective in it was not read, only what is set. */
  exported: boolean;
  lines: number;
  bad: number;
  /** Lines that would change something, of what is so already, and that say nothing of any protocol. */
  changing: number;
  alreadySo: number;
  silent: number;
  /** Lines about accounts and domains that no listing knows: taken all the same. Some of them by name. */
  unknown: number;
  unknownNames: string[];
}

const MOST_LINES = 1_000_000;
const BATCH = 2000;
const NAMED = 20;

/**
 * Reads and judges a whole file of policies, tells every bad line, and keeps what it says for `startImport`. Changes
 * nothing. What grows with the file is one number and one name a line, by which a name that comes twice is found.
 */
export async function prepareImport(
  node: MailNode,
  source: ImportSource,
  onProblem: (problem: ImportProblem) => void,
): Promise<ImportCheck> {
  const files = new PreparedFiles(node.home);
  await files.sweep(node.db);
  const id = randomUUID();
  const check: ImportCheck = {
    id,
    name: source.name,
    exported: false,
    lines: 0,
    bad: 0,
    changing: 0,
    alreadySo: 0,
    silent: 0,
    unknown: 0,
    unknownNames: [],
  };
  const path = await files.pathFor(id);
  const file = await onDisk(`writing ${path}`, () => open(path, "wx", 0o600));
  try {
    for await (const lines of usable(source, check, onProblem)) {
      await judge(node, lines, check);
      await onDisk(`writing ${path}`, () =>
        file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
      );
    }
  } finally {
    await file.close();
    if (check.bad > 0) check.id = undefined;
    if (check.id === undefined) await files.remove(id);
  }
  if (check.id !== undefined) await files.describe(id, prepared(check));
  return check;
}

function prepared({ name, lines }: ImportCheck): Prepared {
  return { name, lines };
}

/** The good lines, some at a time; counts the bad ones and tells them. */
async function* usable(
  source: ImportSource,
  check: ImportCheck,
  onProblem: (problem: ImportProblem) => void,
): AsyncGenerator<PolicyLine[]> {
  const seen = new Map<string, number>();
  let batch: PolicyLine[] = [];
  const bad = (line: number | null, problems: readonly string[]) => {
    check.bad++;
    for (const sentence of problems) onProblem({ line, sentence });
  };
  try {
    for await (const { line, read, exported } of policyLines(source.content, source.format)) {
      if (++check.lines > MOST_LINES)
        throw new BadFile(
          `The file has more than ${MOST_LINES.toLocaleString("en")} lines. Split it into several.`,
        );
      check.exported ||= exported;
      const twice = read.ok ? seen.get(read.line.subject) : undefined;
      if (!read.ok) bad(line, read.problems);
      else if (twice !== undefined) bad(line, [`${read.line.subject} stands in line ${twice} already.`]);
      else {
        seen.set(read.line.subject, line);
        batch.push(read.line);
      }
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (check.lines === 0) throw new BadFile("The file is empty.");
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    bad(error.line, [error.message]);
  }
  if (batch.length > 0) yield batch;
}

/** Counts what these lines would do. */
async function judge({ db }: MailNode, lines: readonly PolicyLine[], check: ImportCheck): Promise<void> {
  const subjects = lines.map(({ subject }) => subject);
  const [{ policies }, unknown] = await Promise.all([rulesOf(db, subjects), unknownSubjects(db, subjects)]);
  for (const { subject, wanted } of lines) {
    const own = policies.get(subject) ?? [];
    const changes = wanted.some(({ protocol, state, until }) => {
      const now = own.find((policy) => policy.protocol === protocol);
      return state === "inherit" ? now !== undefined : now?.state !== state || now.until !== until;
    });
    if (wanted.length === 0) check.silent++;
    else if (changes) check.changing++;
    else check.alreadySo++;
  }
  check.unknown += unknown.length;
  check.unknownNames.push(...unknown.slice(0, Math.max(0, NAMED - check.unknownNames.length)));
}
