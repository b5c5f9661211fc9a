import { CHANNELS, isChannel } from "@/lib/core/alerts/alert";
import type {
  AlertChannelView,
  AlertDeliveryView,
  AlertTestView,
  AlertView,
  ToldView,
} from "@/lib/core/views";
import type { Database } from "../database/client";
import { panelSettings } from "../panel-settings";
import { destinationOf } from "./channels";
import { channelStates } from "./deliver";
import { severityOf } from "./record";
import type { TestResult } from "./test";

/** What stands, alarms first; or what was over lately, the latest first. */
export async function alertViews(
  db: Database,
  which: { stands: true } | { stands: false; limit: number },
): Promise<AlertView[]> {
  const rows = await db.alert.findMany({
    where: { endedAt: which.stands ? null : { not: null } },
    orderBy: which.stands ? [{ severity: "asc" }, { firstSeenAt: "asc" }] : [{ endedAt: "desc" }],
    ...(which.stands ? {} : { take: which.limit }),
    include: { tellings: true },
  });
  return rows.map(({ id, key, severity, sentence, href, firstSeenAt, endedAt, tellings }) => ({
    id,
    key,
    severity: severityOf(severity),
    sentence,
    href,
    since: firstSeenAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    told: tellings.flatMap(({ channel, toldAt, times, overToldAt }): ToldView[] =>
      isChannel(channel)
        ? [
            {
              channel,
              toldAt: toldAt?.toISOString() ?? null,
              times,
              overToldAt: overToldAt?.toISOString() ?? null,
            },
          ]
        : [],
    ),
  }));
}

/** How each channel is set up and does. */
export async function channelViews(db: Database): Promise<AlertChannelView[]> {
  const [{ values }, states] = await Promise.all([panelSettings(db, "alerts"), channelStates(db)]);
  return await Promise.all(
    CHANNELS.map(async (channel) => {
      const [last, lastSent] = await Promise.all([
        db.alertDelivery.findFirst({ where: { channel }, orderBy: { id: "desc" } }),
        db.alertDelivery.findFirst({ where: { channel, failure: null }, orderBy: { id: "desc" } }),
      ]);
      const state = states.get(channel);
      return {
        channel,
        to: destinationOf(channel, values) ?? null,
        sent: state?.sent ?? 0,
        failed: state?.failed ?? 0,
        lastSentAt: lastSent?.at.toISOString() ?? null,
        failing:
          last && last.failure !== null
            ? {
                failure: last.failure,
                at: last.at.toISOString(),
                failures: state?.failures ?? 0,
                nextTryAt: state?.nextTryAt?.toISOString() ?? null,
              }
            : null,
      };
    }),
  );
}

/** The last tries to send, the latest first. */
export async function deliveryViews(db: Database, limit: number): Promise<AlertDeliveryView[]> {
  const rows = await db.alertDelivery.findMany({ orderBy: { id: "desc" }, take: limit });
  return rows.flatMap(({ id, channel, at, tookMs, told, isTest, failure }) =>
    isChannel(channel)
      ? [
          {
            id,
            channel,
            at: at.toISOString(),
            tookMs,
            told: JSON.parse(told) as string[],
            isTest,
            failure,
          },
        ]
      : [],
  );
}

export function testView(result: TestResult): AlertTestView {
  if (result.outcome === "not-set-up")
    return { ok: false, sentence: "It is not set up: enter where it sends to in the settings." };
  if (result.outcome === "sent")
    return { ok: true, sentence: `Taken by ${result.to} after ${result.tookMs.toLocaleString("en")} ms.` };
  return { ok: false, sentence: `Not taken: ${result.failure}` };
}
