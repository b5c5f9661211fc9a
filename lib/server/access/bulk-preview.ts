import type { BulkAct, BulkTarget } from "@/lib/core/access/bulk";
import { decide } from "@/lib/core/access/decide";
import { afterAct } from "@/lib/core/access/foresee";
import { PROTOCOLS, type Protocol, type State } from "@/lib/core/access/rules";
import type { Database } from "../database/client";
import { nextTargets } from "../jobs/targets";
import type { Scoped } from "../node";
import { tellInstant } from "../tell-instant";
import { countUsedAmong } from "../use/used-among";
import { alreadySo, editsFor } from "./bulk-edits";
import { layersOf } from "./layers";

/** What an act upon many would do, before it is done. */
export interface BulkPreview {
  accounts: number;
  /** There are more than were looked at. */
  isMore: boolean;
  changing: number;
  alreadySo: number;
  /** Accounts with a suspension that was set by a higher rank and stays. */
  notAllowed: number;
  /** Of an act that closes something: accounts that used it within 30 days, and those that used nothing else. */
  used: number | null;
  only: number | null;
  examples: BulkExample[];
}

/** An account and what is effective for it, before and after. */
export interface BulkExample {
  address: string;
  protocols: Record<Protocol, { now: State; afterwards: State; because: string }>;
}

const CHUNK = 5000;
const EXAMPLES = 8;

/** Looks at the first `limit` accounts of a target, a chunk at a time. Changes nothing. */
export async function previewBulk(
  scoped: Scoped,
  target: BulkTarget,
  act: BulkAct,
  limit: number,
): Promise<BulkPreview> {
  const { db } = scoped;
  const closes = closedBy(act);
  const preview: BulkPreview = {
    accounts: 0,
    isMore: false,
    changing: 0,
    alreadySo: 0,
    notAllowed: 0,
    used: closes.length > 0 ? 0 : null,
    only: closes.length > 0 ? 0 : null,
    examples: [],
  };
  let at: Parameters<typeof nextTargets>[2] = null;
  for (;;) {
    const left = limit - preview.accounts;
    const { addresses, position } = await nextTargets(scoped, target, at, Math.min(CHUNK, left + 1));
    const looked = addresses.slice(0, left);
    if (preview.accounts === 0) preview.examples = await examplesOf(db, act, looked.slice(0, EXAMPLES));
    preview.accounts += looked.length;
    await count(db, act, looked, preview);
    if (closes.length > 0) await countUsed(db, closes, looked, preview);
    preview.isMore = addresses.length > left;
    if (preview.isMore || addresses.length === 0) return preview;
    at = position;
  }
}

async function count(
  db: Database,
  act: BulkAct,
  addresses: readonly string[],
  preview: BulkPreview,
): Promise<void> {
  if (act.kind === "policy") {
    const so = await alreadySo(db, act, addresses);
    preview.alreadySo += so;
    preview.changing += addresses.length - so;
    return;
  }
  const { edits, notAllowed } = await editsFor(db, act, addresses);
  const changing = new Set(edits.map(({ subject }) => subject)).size;
  preview.changing += changing;
  preview.notAllowed += notAllowed;
  preview.alreadySo += addresses.length - changing;
}

function closedBy(act: BulkAct): readonly Protocol[] {
  if (act.kind === "policy") return act.state === "deny" ? act.protocols : [];
  if (act.kind !== "suspend") return [];
  return act.protocol === "all" ? PROTOCOLS : [act.protocol];
}

async function countUsed(
  db: Database,
  closes: readonly Protocol[],
  addresses: readonly string[],
  preview: BulkPreview,
): Promise<void> {
  const counts = await countUsedAmong(db, closes, addresses);
  preview.used = (preview.used ?? 0) + counts.used;
  preview.only = (preview.only ?? 0) + counts.only;
}

async function examplesOf(db: Database, act: BulkAct, addresses: readonly string[]): Promise<BulkExample[]> {
  const layers = await layersOf(db, addresses);
  const now = Date.now() / 1000;
  return addresses.map((address) => {
    const own = layers(address);
    const then = afterAct(act, own);
    const of = (protocol: Protocol) => {
      const after = decide(protocol, then, now, tellInstant);
      return {
        now: decide(protocol, own, now, tellInstant).effective,
        afterwards: after.effective,
        because: after.because,
      };
    };
    return {
      address,
      protocols: Object.fromEntries(
        PROTOCOLS.map((protocol) => [protocol, of(protocol)]),
      ) as BulkExample["protocols"],
    };
  });
}
