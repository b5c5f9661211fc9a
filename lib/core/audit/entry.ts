/** An entry of the audit as it is stored. */
export interface AuditRow {
  /** One after the other from 1, without gaps. */
  number: number;
  /** ISO 8601 in UTC, with milliseconds. */
  at: string;
  actor: string;
  origin: string;
  /** The client's address; empty where there is none or it isn't known. */
  from: string;
  /** What the actor came by besides, for instance a token's name; empty for a session of his own. */
  via: string;
  /** noun.verb: `mailserver.save`. */
  action: string;
  outcome: string;
  /** What it is about: an address, "revision 12"; may be empty. */
  subject: string;
  /** AuditDetail as JSON. */
  detail: string;
  /** Of the entry before; empty for the first that there ever was. */
  previousHash: string;
  /** SHA-256 of `canonical`, in hexadecimal. */
  hash: string;
  /** HMAC of the hash by a key that the database doesn't hold; empty where there was no key. */
  seal: string;
}

/** What is told of an event besides who, when and what about. */
export interface AuditDetail {
  /** What changed, was read or was refused, a sentence each. */
  sentences: readonly string[];
  before?: readonly string[];
  after?: readonly string[];
  reason?: string;
  /** SHA-256 of the generated files by name, before and after. */
  filesBefore?: Readonly<Record<string, string>>;
  filesAfter?: Readonly<Record<string, string>>;
  /** What was seen of each port afterwards. */
  probes?: readonly string[];
}

const FORMAT = "portcullis-audit/1";

/** What an entry's hash is of: an array, so that no two entries are written the same. */
export function canonical(row: Omit<AuditRow, "hash" | "seal">): string {
  const { number, at, actor, origin, from, via, action, outcome, subject, detail, previousHash } = row;
  return JSON.stringify([
    FORMAT,
    number,
    at,
    actor,
    origin,
    from,
    via,
    action,
    outcome,
    subject,
    detail,
    previousHash,
  ]);
}

/** A text that a database gives back as it was: halves of characters and NUL don't come back from every one. */
export function storable(text: string, longest: number): string {
  const cut = text.length <= longest ? text : `${text.slice(0, longest)}…`;
  return cut.replace(/\p{Surrogate}|\0/gu, "\uFFFD");
}

/** Entries of an older Portcullis hold their sentences alone. */
export function readDetail(text: string): AuditDetail {
  const value: unknown = parsed(text);
  if (Array.isArray(value)) return { sentences: value.map(String) };
  if (typeof value === "object" && value !== null && "sentences" in value) return value as AuditDetail;
  return { sentences: [text] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
