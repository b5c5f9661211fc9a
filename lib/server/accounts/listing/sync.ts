import { MachineFailure } from "@/lib/core/apply/ports";
import type { ListingEnd } from "@/lib/system/dovecot/user-listing";
import { withLock } from "@/lib/system/lock";
import { audit } from "../../audit";
import { log } from "../../log";
import type { Actor } from "../../mailserver/revisions";
import type { MailNode } from "../../node";
import { addSeen } from "./add";
import { countDomains, markVanished } from "./finish";
import { ListingNames } from "./names";

/** Where a list of accounts comes from: the server itself, or a file. */
export interface AccountSource {
  /** For people. */
  name: string;
  list(batchSize: number, take: (names: readonly string[]) => Promise<void>): Promise<ListingEnd>;
}

export interface Listed {
  outcome: "complete" | "partial" | "failed";
  found: number;
  added: number;
  returned: number;
  vanished: number;
  /** What was wrong with it, a sentence each. */
  notes: string[];
}

/** Names a transaction: large, so that each index page is written a few times and not a hundred; some 10 MB. */
const BATCH = 50_000;

/**
 * Reads a list of accounts. Nothing that is enforced changes by it: rules stand for whom they name, listed or not. Only
 * a complete listing without an unusable name says who has vanished.
 * @throws LockTimeout when another listing is under way.
 */
export async function syncAccounts(
  node: MailNode,
  actor: Actor,
  source: AccountSource,
  report: (found: number) => Promise<void> = async () => {},
): Promise<Listed> {
  const who = `${actor.name} (${actor.origin})`;
  return await withLock(node.home.listingLock, { who, why: "listing the accounts", waitMs: 0 }, async () => {
    const row = await node.db.listing.create({
      data: {
        source: source.name,
        actor: actor.name,
        origin: actor.origin,
        startedAt: new Date(),
        outcome: "running",
      },
    });
    const listed = await list(node, source, report);
    const { notes, ...counts } = listed;
    await node.db.listing.update({
      where: { number: row.number },
      data: { ...counts, notes: JSON.stringify(notes), finishedAt: new Date() },
    });
    await audit(node.db, {
      actor,
      action: "accounts.sync",
      outcome: listed.outcome,
      subject: source.name,
      sentences: [listingSentence(listed), ...notes],
    });
    return listed;
  });
}

async function list(
  { db }: MailNode,
  source: AccountSource,
  report: (found: number) => Promise<void>,
): Promise<Listed> {
  const at = new Date();
  const names = new ListingNames();
  const counts = { found: 0, added: 0, returned: 0, vanished: 0 };
  await db.$executeRaw`DELETE FROM "ListingSeen"`;
  try {
    const end = await source.list(BATCH, async (batch) => {
      const { added, returned } = await addSeen(db, names.take(batch), at);
      counts.found += batch.length;
      counts.added += added;
      counts.returned += returned;
      await report(counts.found);
    });
    const trouble = end.complete && counts.found === 0 ? [NOBODY] : end.trouble === "" ? [] : [end.trouble];
    const notes = [...trouble, ...names.notes()];
    const complete = notes.length === 0 && names.isClean;
    if (complete) counts.vanished = await markVanished(db, at);
    await countDomains(db);
    const outcome = complete ? "complete" : counts.found > 0 ? "partial" : "failed";
    return { outcome, ...counts, notes };
  } catch (error) {
    if (!(error instanceof MachineFailure))
      log.error({ err: error, source: source.name }, "A listing of accounts failed");
    await countDomains(db);
    return { outcome: "failed", ...counts, notes: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await db.$executeRaw`DELETE FROM "ListingSeen"`;
  }
}

const NOBODY = "The list is empty, so it is not taken to mean that every account has vanished.";

/** For instance `1,204 accounts found: 3 new, 1 back, 2 vanished.` */
export function listingSentence({
  outcome,
  found,
  added,
  returned,
  vanished,
}: Omit<Listed, "notes">): string {
  const many = (count: number) => count.toLocaleString("en");
  const facts = [`${many(added)} new`, `${many(returned)} back`];
  if (outcome === "complete") facts.push(`${many(vanished)} vanished`);
  const rest = outcome === "complete" ? "" : " Nobody is taken to have vanished.";
  return `${many(found)} ${found === 1 ? "account" : "accounts"} found: ${facts.join(", ")}.${rest}`;
}
