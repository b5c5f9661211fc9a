import { anchorText } from "@/lib/core/audit/chain";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { homeAround } from "../home";
import type { Actor } from "../mailserver/revisions";
import { panelSettings } from "../panel-settings";
import { tellInstant } from "../tell-instant";
import { fileOf, sealingOf } from "./sealing";

const DAY_MS = 24 * 60 * 60_000;
const KEEPER: Actor = { name: "Portcullis", origin: "keeper" };
const TIMEOUT_MS = 60_000;

/**
 * Removes entries that are older than the audit is kept, from the oldest on, and leaves the last of them as an anchor from
 * which the rest is verified. The newest entry always stays. Returns how many went.
 */
export async function pruneAudit(db: Database, now = new Date()): Promise<number> {
  const { keepDays } = (await panelSettings(db, "audit")).values;
  const before = new Date(now.getTime() - keepDays * DAY_MS);
  const sealing = await sealingOf(homeAround(await fileOf(db)));
  return await db.$transaction(
    async (write) => {
      // Where a clock jumped, an older instant may follow a newer one: what follows it waits for it.
      const [first, firstKept, newest] = await Promise.all([
        write.auditEntry.findFirst({ orderBy: { number: "asc" } }),
        write.auditEntry.findFirst({ where: { at: { gte: before } }, orderBy: { number: "asc" } }),
        write.auditEntry.findFirst({ orderBy: { number: "desc" } }),
      ]);
      if (!first || !newest) return 0;
      const end = firstKept?.number ?? newest.number;
      if (end <= first.number) return 0;
      const last = await write.auditEntry.findUniqueOrThrow({ where: { number: end - 1 } });
      const facts = { number: last.number, hash: last.hash, at: last.at };
      const seal = sealing.seal?.(anchorText({ ...facts, at: last.at.toISOString() })) ?? "";
      await write.auditAnchor.create({ data: { ...facts, removedAt: now, seal } });
      await write.auditAnchor.deleteMany({ where: { number: { lt: last.number } } });
      const { count } = await write.auditEntry.deleteMany({ where: { number: { lte: last.number } } });
      await audit(write, {
        actor: KEEPER,
        action: "audit.prune",
        outcome: "done",
        subject: `entry ${last.number}`,
        sentences: [
          `Entries ${first.number} to ${last.number}, the last of ${tellInstant(last.at.getTime() / 1000)}, were removed: older than ${keepDays} days.`,
        ],
      });
      return count;
    },
    { timeout: TIMEOUT_MS },
  );
}
