import { type Anchor, ChainReader, type Fault } from "@/lib/core/audit/chain";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { homeAround } from "../home";
import { readHead, UNREADABLE_HEAD } from "./head";
import { auditPages } from "./rows";
import { fileOf, sealingOf } from "./sealing";

export interface AuditVerdict {
  whole: boolean;
  /** How many were looked at, and the first and last of them. */
  entries: number;
  first: number | null;
  last: number | null;
  /** The last entry that retention removed; null where it never did. */
  anchor: { number: number; at: string } | null;
  /** The copy of the newest entry beside the database; null where there is none. */
  head: number | null;
  /** Whether seals could be looked at. */
  sealed: boolean;
  /** What is broken, the first of it. */
  faults: Fault[];
  faultsInAll: number;
  checkedAt: Date;
}

/** More of them say no more. */
const TOLD = 100;

/** Reads the whole audit and looks whether it is as it was written; some 20 seconds a million entries. */
export async function verifyAudit(db: Database): Promise<AuditVerdict> {
  const verdict = await readThrough(db);
  // Retention may have taken the beginning away meanwhile: that looks as if somebody had.
  const isMoved = (await readAnchor(db))?.number !== (verdict.anchor?.number ?? undefined);
  return isMoved ? await readThrough(db) : verdict;
}

async function readThrough(db: Database): Promise<AuditVerdict> {
  const home = homeAround(await fileOf(db));
  // Before the entries: those that come meanwhile lie behind it.
  const [head, sealing, anchor] = await Promise.all([readHead(home), sealingOf(home), readAnchor(db)]);
  const isUnreadable = head === UNREADABLE_HEAD;
  const reader = new ChainReader(sealing, anchor, isUnreadable ? undefined : head);
  const faults: Fault[] = [];
  let faultsInAll = 0;
  const add = (found: readonly Fault[]) => {
    faultsInAll += found.length;
    faults.push(...found.slice(0, TOLD - faults.length));
  };
  add(reader.begin());
  for await (const rows of auditPages(db, Prisma.sql`true`)) for (const row of rows) add(reader.next(row));
  add(reader.end());
  if (isUnreadable) {
    const sentence = `The copy of the newest entry, ${home.auditHead}, can't be read.`;
    add([{ kind: "end", number: reader.lastNumber, sentence }]);
  }
  return {
    whole: faultsInAll === 0,
    entries: reader.entries,
    first: reader.first,
    last: reader.entries > 0 ? reader.lastNumber : null,
    anchor: anchor ? { number: anchor.number, at: anchor.at } : null,
    head: isUnreadable || !head ? null : head.number,
    sealed: sealing.seal !== undefined,
    faults,
    faultsInAll,
    checkedAt: new Date(),
  };
}

async function readAnchor(db: Database): Promise<Anchor | undefined> {
  const row = await db.auditAnchor.findFirst({ orderBy: { number: "desc" } });
  return row ? { ...row, at: row.at.toISOString() } : undefined;
}
