import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { Channel } from "@/lib/core/alerts/alert";
import { audit } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { destinationOf, send } from "./channels";
import { recordDelivery } from "./deliver";
import { panelUrl } from "./panel-url";

export type TestResult =
  | { outcome: "sent" | "failed"; to: string; failure: string | null; tookMs: number }
  | { outcome: "not-set-up" };

/** Sends a message that says that it is a test, now, and tells what came of it. */
export async function sendTest(node: MailNode, channel: Channel, actor: Actor): Promise<TestResult> {
  const { values, version } = await panelSettings(node.db, "alerts");
  const to = destinationOf(channel, values);
  if (to === undefined) return { outcome: "not-set-up" };
  const begunMs = performance.now();
  const failure = await send(channel, values, {
    id: randomUUID(),
    host: hostname(),
    panelUrl: await panelUrl(node.home),
    sentAt: new Date(),
    isTest: true,
    items: [],
  });
  const tookMs = Math.round(performance.now() - begunMs);
  const outcome = failure === undefined ? "sent" : "failed";
  await node.db.$transaction(async (write) => {
    await recordDelivery(write, { channel, version, failure, tookMs, isTest: true, items: [] });
    await audit(write, {
      actor,
      action: "alerts.test",
      outcome,
      sentences: [`${channel}: ${to}`, ...(failure === undefined ? [] : [failure])],
    });
  });
  return { outcome, to, failure: failure ?? null, tookMs };
}
