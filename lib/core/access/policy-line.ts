import type { WantedState } from "./edits";
import { PROTOCOLS, type Protocol } from "./rules";
import { parseSubject, type Subject } from "./subject";
import type { UntilRead } from "./until";

/** What one line of a policy file wants of one account, domain or everybody. */
export interface PolicyLine {
  subject: Subject;
  /** None for a protocol that the line says nothing about. */
  wanted: readonly Wish[];
  reason: string;
}

interface Wish {
  protocol: Protocol;
  state: WantedState;
  until: number | null;
}

/** What a file says on one line, by column. */
export type Cells = Readonly<Record<string, string>>;

/** What a person writes. */
const WRITTEN = ["address", ...PROTOCOLS, "until", "reason"];
/** What an exported file has instead: of its columns these are wishes, the others only tell what was so. */
const EXPORTED = PROTOCOLS.flatMap((protocol) => [`${protocol}_override`, `${protocol}_until`]);
const TOLD = [
  "domain",
  ...PROTOCOLS.flatMap((protocol) =>
    ["because", "seen", "seen_at", "last_used_at", "last_used_by"].map((told) => `${protocol}_${told}`),
  ),
  "suspensions",
  "vanished_at",
  "changed_by",
  "changed_at",
  "changed_because",
  "note_tickets",
  "notes",
];

const LONGEST_REASON = 500;

/** The file is one that was exported: its columns `imap` and `pop3` tell what was effective and are not wishes. */
export function isExported(columns: readonly string[]): boolean {
  return columns.some((column) => EXPORTED.includes(column));
}

/** What is wrong with the names of a file's columns; nothing where they will do. A column without a name may be empty. */
export function headProblems(columns: readonly string[]): string[] {
  const named = columns.filter((column) => column !== "");
  const known = isExported(named) ? [...WRITTEN, ...EXPORTED, ...TOLD] : WRITTEN;
  const twice = named.filter((column, index) => named.indexOf(column) !== index);
  const problems = [
    ...named
      .filter((column) => !known.includes(column))
      .map((column) => `There is no column ${JSON.stringify(column)}. Known: ${WRITTEN.join(", ")}.`),
    ...[...new Set(twice)].map((column) => `The column ${column} is there twice.`),
  ];
  if (!named.includes("address"))
    problems.push('There is no column "address". The first line must name the columns.');
  if (!named.some((column) => PROTOCOLS.some((one) => column === one || column === `${one}_override`)))
    problems.push(`There is no column ${PROTOCOLS.join(" or ")}: the file would change nothing.`);
  return problems;
}

export type LineRead = { ok: true; line: PolicyLine } | { ok: false; problems: string[] };

/** Reads one line, whose columns were found to do; tells everything that is wrong with it. */
export function readPolicyLine(
  cells: Cells,
  exported: boolean,
  readUntil: (text: string) => UntilRead,
): LineRead {
  const problems: string[] = [];
  const subject = parseSubject(cells.address ?? "");
  if (!subject.ok) problems.push(subject.message);
  const until = new Map<string, number | null>();
  const untilIn = (column: string): number | null => {
    const known = until.get(column);
    if (known !== undefined) return known;
    const text = cells[column] ?? "";
    const read = text === "" ? { ok: true as const, until: null } : readUntil(text);
    if (!read.ok) problems.push(`${column}: ${read.message}`);
    until.set(column, read.ok ? read.until : null);
    return read.ok ? read.until : null;
  };
  const wanted: Wish[] = [];
  for (const protocol of PROTOCOLS) {
    const column = exported ? `${protocol}_override` : protocol;
    const text = (cells[column] ?? "").toLowerCase();
    if (text === "") continue;
    if (!isWantedState(text))
      problems.push(
        `${column}: ${JSON.stringify(cells[column]?.slice(0, 80))} is not allow, deny or inherit.`,
      );
    else if (text === "inherit") wanted.push({ protocol, state: text, until: null });
    else wanted.push({ protocol, state: text, until: untilIn(exported ? `${protocol}_until` : "until") });
  }
  if ((cells.until ?? "") !== "" && !exported && !wanted.some(({ state }) => state !== "inherit"))
    problems.push("until: there is nothing to end; an end goes with allow or deny.");
  const reason = cells.reason ?? "";
  if (reason.length > LONGEST_REASON)
    problems.push(`reason: it is longer than ${LONGEST_REASON} characters.`);
  if (!subject.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, line: { subject: subject.name, wanted, reason } };
}

function isWantedState(text: string): text is WantedState {
  return text === "allow" || text === "deny" || text === "inherit";
}
