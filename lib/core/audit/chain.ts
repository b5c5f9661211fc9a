import { type AuditRow, canonical } from "./entry";

/** By which an entry is told from a forged one. */
export interface Sealing {
  hash: (text: string) => string;
  /** Undefined where there is no key: then seals can't be looked at. */
  seal: ((hash: string) => string) | undefined;
}

/** Where a chain begins whose older part was removed: the last entry that is gone. */
export interface Anchor {
  number: number;
  hash: string;
  /** ISO 8601, of that entry. */
  at: string;
  seal: string;
}

/** The newest entry as it was written down beside the database. */
export interface Head {
  number: number;
  hash: string;
}

export const FAULT_KINDS = ["anchor", "missing", "changed", "link", "seal", "end"] as const;

/** Something that is not as it was written, and where. */
export interface Fault {
  kind: (typeof FAULT_KINDS)[number];
  /** The entry's number. */
  number: number;
  sentence: string;
}

/** What an anchor's seal is of. */
export function anchorText({ number, hash, at }: Omit<Anchor, "seal">): string {
  return JSON.stringify(["portcullis-audit-anchor/1", number, hash, at]);
}

/** Looks at a chain entry by entry, in the order of their numbers; memory doesn't grow with it. */
export class ChainReader {
  entries = 0;
  first: number | null = null;
  private last: Head;
  private headSeen: boolean;

  constructor(
    private readonly sealing: Sealing,
    private readonly anchor: Anchor | undefined,
    private readonly head: Head | undefined,
  ) {
    this.last = anchor ?? { number: 0, hash: "" };
    this.headSeen = head === undefined || head.number <= this.last.number;
  }

  /** Of the anchor itself. */
  begin(): Fault[] {
    const { anchor, sealing } = this;
    if (!anchor || sealing.seal === undefined || sealing.seal(anchorText(anchor)) === anchor.seal) return [];
    const sentence = `The mark of what was removed, up to entry ${anchor.number}, was not set by Portcullis.`;
    return [{ kind: "anchor", number: anchor.number, sentence }];
  }

  next(row: AuditRow): Fault[] {
    const { number } = row;
    const { sealing, last, head } = this;
    const faults: Fault[] = [];
    const fault = (kind: Fault["kind"], sentence: string, at = number) =>
      faults.push({ kind, number: at, sentence });
    if (number !== last.number + 1) fault("missing", missing(last.number + 1, number - 1), last.number + 1);
    else if (row.previousHash !== last.hash)
      fault(
        "link",
        `Entry ${number} doesn't follow the entry before it: one of the two was replaced or moved.`,
      );
    if (sealing.hash(canonical(row)) !== row.hash)
      fault("changed", `Entry ${number} was changed after it was written.`);
    if (sealing.seal !== undefined && sealing.seal(row.hash) !== row.seal)
      fault("seal", `Entry ${number} was not written by Portcullis, or with another secret.`);
    if (head?.number === number) {
      this.headSeen = true;
      if (head.hash !== row.hash)
        fault("end", `Entry ${number} is not the one that was the newest when it was written.`);
    }
    this.entries++;
    this.first ??= number;
    this.last = { number, hash: row.hash };
    return faults;
  }

  /** After the last one. */
  end(): Fault[] {
    const { head, last } = this;
    if (this.headSeen || !head || head.number <= last.number) return [];
    const sentence = `The end is cut off: ${missing(last.number + 1, head.number)}`;
    return [{ kind: "end", number: last.number + 1, sentence }];
  }

  get lastNumber(): number {
    return this.last.number;
  }
}

function missing(from: number, to: number): string {
  return from >= to ? `Entry ${from} is missing.` : `Entries ${from} to ${to} are missing.`;
}
