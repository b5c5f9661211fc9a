import { setTimeout as sleep } from "node:timers/promises";
import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { panelSettings } from "../panel-settings";
import { DAY_S, HOUR_S } from "./tally";

/** Sums of all accounts and counts of sessions: small, and what a year is compared with. */
const SUMS_DAYS = 800;
/** Rows at a time, so that whoever else writes gets in between. */
const STEP = 5000;
const OTHERS_MS = 20;

/** Removes what is older than it is to be kept. */
export async function pruneUse(db: Database): Promise<void> {
  const { values } = await panelSettings(db, "use");
  const now = Math.floor(Date.now() / 1000);
  const today = Math.floor(now / DAY_S);
  await removeAll(
    db,
    Prisma.sql`DELETE FROM "UseDay" WHERE ("day", "protocol", "address") IN
      (SELECT "day", "protocol", "address" FROM "UseDay" WHERE "day" <= ${today - values.useDays} LIMIT ${STEP})`,
  );
  // None at all, where none are to be kept.
  const oldest = values.addressDays === 0 ? now + DAY_S : now - values.addressDays * DAY_S;
  await removeAll(
    db,
    Prisma.sql`DELETE FROM "UseAddress" WHERE ("address", "protocol", "remote") IN
      (SELECT "address", "protocol", "remote" FROM "UseAddress" WHERE "lastAt" < ${oldest} LIMIT ${STEP})`,
  );
  const sumsFrom = now - SUMS_DAYS * DAY_S;
  await db.useHour.deleteMany({ where: { hour: { lt: Math.floor(sumsFrom / HOUR_S) } } });
  await db.sessionCount.deleteMany({ where: { at: { lt: sumsFrom } } });
  await db.useGap.deleteMany({ where: { toAt: { lt: sumsFrom } } });
}

async function removeAll(db: Database, statement: Prisma.Sql): Promise<void> {
  while ((await db.$executeRaw(statement)) === STEP) await sleep(OTHERS_MS);
}
