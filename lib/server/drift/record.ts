import type { Database } from "../database/client";
import type { Finding } from "./finding";

/** A finding that stands, since when, and whether somebody said that it may. */
export interface StandingDrift {
  key: string;
  kind: string;
  severity: "alarm" | "warning";
  sentence: string;
  diff: string;
  since: Date;
  seenAt: Date;
  leftBy: string | null;
}

/** Writes down what was just found: what is new begins now, what isn't found any more has ended. */
export async function recordDrift(db: Database, findings: readonly Finding[]): Promise<void> {
  const now = new Date();
  await db.$transaction(async (write) => {
    await write.drift.updateMany({
      where: { endedAt: null, key: { notIn: findings.map(({ key }) => key) } },
      data: { endedAt: now },
    });
    for (const { key, ...facts } of findings) {
      const known = await write.drift.findUnique({ where: { key } });
      const stands = known !== null && known.endedAt === null;
      const isSame = stands && known.sentence === facts.sentence && known.diff === facts.diff;
      const data = {
        ...facts,
        since: stands ? known.since : now,
        seenAt: now,
        endedAt: null,
        // Left as it was then: another edit asks again.
        leftBy: isSame ? known.leftBy : null,
      };
      await write.drift.upsert({ where: { key }, create: { key, ...data }, update: data });
    }
  });
}

/** What stands now: alarms first, then the oldest. */
export async function standingDrift(db: Database): Promise<StandingDrift[]> {
  const rows = await db.drift.findMany({
    where: { endedAt: null },
    orderBy: [{ severity: "asc" }, { since: "asc" }],
  });
  return rows.map(({ key, kind, severity, sentence, diff, since, seenAt, leftBy }) => ({
    key,
    kind,
    severity: severity === "alarm" ? "alarm" : "warning",
    sentence,
    diff,
    since,
    seenAt,
    leftBy,
  }));
}
