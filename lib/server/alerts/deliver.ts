import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { type Channel, isChannel } from "@/lib/core/alerts/alert";
import { CLAIM_MS, mayTry, waitAfter } from "@/lib/core/alerts/backoff";
import { dueFor } from "@/lib/core/alerts/due";
import { type Item, itemId, type Message, ordered } from "@/lib/core/alerts/message";
import { itemWords } from "@/lib/core/alerts/words";
import type { AlertSettings } from "@/lib/core/panel/alerts";
import type { Database, Write } from "../database/client";
import type { MailNode } from "../node";
import type { SavedOptions } from "../panel-settings";
import { rulesOf, send } from "./channels";
import { panelUrl } from "./panel-url";
import { alertOf, severityOf } from "./record";

/**
 * Sends a channel what it must be told now, in one message; nothing where there is nothing, where another process sends at this
 * moment, or where the last failure is too fresh.
 */
export async function deliver(
  node: MailNode,
  channel: Channel,
  { values, version }: Pick<SavedOptions<"alerts">, "values" | "version">,
  stop?: AbortSignal,
): Promise<void> {
  const claimed = await node.db.$transaction((write) => claim(write, channel, { values, version }));
  if (!claimed) return;
  const message: Message = {
    // The same things told a second time, because the answer to the first was lost, are the same message.
    id: createHash("sha256")
      .update(`${channel} ${claimed.map(itemId).join()}`)
      .digest("hex")
      .slice(0, 32),
    host: hostname(),
    panelUrl: await panelUrl(node.home),
    sentAt: new Date(),
    isTest: false,
    items: claimed,
  };
  const begunMs = performance.now();
  const failure = await send(channel, values, message, stop);
  const tookMs = Math.round(performance.now() - begunMs);
  if (failure !== undefined && stop?.aborted) {
    // Nobody's fault: whoever runs next sends it.
    await node.db.alertChannel.updateMany({ where: { channel }, data: { claimedUntil: null } });
    return;
  }
  await node.db.$transaction(async (write) => {
    if (failure === undefined) for (const item of claimed) await markTold(write, channel, item);
    await recordDelivery(write, { channel, version, failure, tookMs, isTest: false, items: claimed });
  });
}

/** Takes what is due for itself; undefined where there is nothing to send. */
async function claim(
  write: Write,
  channel: Channel,
  { values, version }: { values: AlertSettings; version: number },
): Promise<Item[] | undefined> {
  const now = new Date();
  const state = await write.alertChannel.findUnique({ where: { channel } });
  if (state && !mayTry(state, version, now)) return undefined;
  const rules = rulesOf(values);
  const tellings = await write.alertTelling.findMany({
    where: { channel, overToldAt: null },
    include: { alert: true },
  });
  const items = tellings.flatMap(({ alert: row, toldAs, ...telling }): Item[] => {
    const alert = alertOf(row);
    const known = { ...telling, toldAs: toldAs === null ? null : severityOf(toldAs) };
    const happening = dueFor(alert, known, rules, now);
    return happening ? [{ happening, alert, times: telling.times }] : [];
  });
  if (items.length === 0) return undefined;
  const claimedUntil = new Date(now.getTime() + CLAIM_MS);
  await write.alertChannel.upsert({
    where: { channel },
    create: { channel, claimedUntil },
    update: { claimedUntil },
  });
  return ordered(items);
}

async function markTold(write: Write, channel: Channel, { happening, alert }: Item): Promise<void> {
  const now = new Date();
  await write.alertTelling.updateMany({
    where: { alertId: alert.id, channel },
    data:
      happening === "over"
        ? { overToldAt: now }
        : { toldAt: now, toldAs: alert.severity, times: { increment: 1 } },
  });
}

interface Delivery {
  channel: Channel;
  version: number;
  failure: string | undefined;
  tookMs: number;
  isTest: boolean;
  items: readonly Item[];
}

/** Writes down how a try went, and when the next one may be. */
export async function recordDelivery(
  write: Write,
  { channel, version, failure, tookMs, isTest, items }: Delivery,
): Promise<void> {
  const now = new Date();
  const told = JSON.stringify(items.map(itemWords));
  await write.alertDelivery.create({
    data: { channel, at: now, tookMs, told, isTest, failure: failure ?? null },
  });
  const before = await write.alertChannel.findUnique({ where: { channel } });
  // A test by hand doesn't make the next alert wait longer.
  const failures = failure === undefined ? 0 : (before?.failures ?? 0) + (isTest ? 0 : 1);
  const facts = {
    failures,
    nextTryAt: failures === 0 ? null : new Date(now.getTime() + waitAfter(failures)),
    triedVersion: version,
    sent: (before?.sent ?? 0) + (failure === undefined ? 1 : 0),
    failed: (before?.failed ?? 0) + (failure === undefined ? 0 : 1),
    claimedUntil: isTest ? (before?.claimedUntil ?? null) : null,
  };
  await write.alertChannel.upsert({ where: { channel }, create: { channel, ...facts }, update: facts });
}

/** How the channels do, by channel; one that never sent has no row. */
export async function channelStates(db: Database) {
  const rows = await db.alertChannel.findMany();
  return new Map(rows.flatMap((row) => (isChannel(row.channel) ? [[row.channel, row] as const] : [])));
}
