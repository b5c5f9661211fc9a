import type { Database } from "./database/client";

/** Something that a person must look at. */
export interface Alarm {
  key: string;
  sentence: string;
  raisedAt: Date;
  seenAt: Date;
}

/** Raises it, or says that it still stands: it keeps the moment at which it was first seen. */
export async function raiseAlarm(db: Database, key: string, sentence: string): Promise<void> {
  const now = new Date();
  const known = await db.alarm.findUnique({ where: { key } });
  const raisedAt = known && known.clearedAt === null ? known.raisedAt : now;
  const facts = { sentence, raisedAt, seenAt: now, clearedAt: null };
  await db.alarm.upsert({ where: { key }, create: { key, ...facts }, update: facts });
}

/** It was seen to be over. */
export async function clearAlarm(db: Database, key: string): Promise<void> {
  await db.alarm.updateMany({ where: { key, clearedAt: null }, data: { clearedAt: new Date() } });
}

/** What stands now, the oldest first. */
export async function standingAlarms(db: Database): Promise<Alarm[]> {
  return await db.alarm.findMany({ where: { clearedAt: null }, orderBy: { raisedAt: "asc" } });
}
