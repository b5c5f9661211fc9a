import type { Alert, Channel, Severity, Standing, TellingRules } from "@/lib/core/alerts/alert";
import { isToBeTold } from "@/lib/core/alerts/due";
import { track } from "@/lib/core/alerts/track";
import type { Database, Write } from "../database/client";

/** So long the history of alerts is kept. */
const KEEP_MS = 90 * 24 * 60 * 60_000;

/** Writes down what was just found, and which channels are to know of it. All or nothing, so that two at once don't double. */
export async function recordTroubles(
  db: Database,
  found: readonly Standing[],
  { rules, channels }: { rules: TellingRules; channels: readonly Channel[] },
  now = new Date(),
): Promise<void> {
  await db.$transaction(async (write) => {
    const kept = await keptAlerts(write, rules, now);
    const { begun, standing, ended, fleeting } = track(kept, found, now, rules.settleMs);
    for (const one of begun) await write.alert.create({ data: { ...one, firstSeenAt: now, seenAt: now } });
    for (const { id, now: facts } of standing)
      await write.alert.update({ where: { id }, data: { ...facts, seenAt: now, endedAt: null } });
    await write.alert.updateMany({ where: { id: { in: ended } }, data: { endedAt: now } });
    await write.alert.deleteMany({
      where: {
        OR: [
          { id: { in: fleeting }, tellings: { none: {} } },
          { endedAt: { lt: new Date(now.getTime() - KEEP_MS) } },
        ],
      },
    });
    // Set up again later, a channel is told what stands then, and not what was over long before.
    await write.alertTelling.deleteMany({ where: { channel: { notIn: [...channels] }, overToldAt: null } });
    await write.alertDelivery.deleteMany({ where: { at: { lt: new Date(now.getTime() - KEEP_MS) } } });
    for (const alert of await keptAlerts(write, rules, now)) {
      if (!isToBeTold(alert, rules, now)) continue;
      for (const channel of channels) {
        const which = { alertId: alert.id, channel };
        await write.alertTelling.upsert({
          where: { alertId_channel: which },
          create: which,
          update: {},
        });
      }
    }
  });
}

/** Over for longer, something that comes back is another one. */
const LATELY_MS = 60 * 60_000;

/** What stands, and what ended lately and whose end nobody was told of: it may come back. */
async function keptAlerts(write: Write, { settleMs }: TellingRules, now: Date): Promise<Alert[]> {
  const rows = await write.alert.findMany({
    where: {
      OR: [
        { endedAt: null },
        {
          endedAt: { gt: new Date(now.getTime() - settleMs - LATELY_MS) },
          tellings: { none: { overToldAt: { not: null } } },
        },
      ],
    },
  });
  return rows.map(alertOf);
}

export function alertOf(row: Omit<Alert, "severity"> & { severity: string }): Alert {
  const { id, key, sentence, href, firstSeenAt, endedAt } = row;
  return { id, key, severity: severityOf(row.severity), sentence, href, firstSeenAt, endedAt };
}

export function severityOf(word: string): Severity {
  return word === "alarm" ? "alarm" : "warning";
}
