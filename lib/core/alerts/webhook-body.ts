import { itemId, type Message } from "./message";
import { subjectOf, type TellInstant, textOf } from "./words";

/** Told to receivers, so that they know what they read. */
const FORMAT = "portcullis-alerts/1";

/** The JSON that a webhook gets. `text` is what chat systems show; the rest is for programs. */
export function webhookBody(message: Message, tell: TellInstant): string {
  const { id, host, panelUrl, sentAt, isTest, items } = message;
  return JSON.stringify({
    format: FORMAT,
    id,
    test: isTest,
    host,
    sentAt: sentAt.toISOString(),
    text: `${subjectOf(message)}\n\n${textOf(message, tell)}`,
    alerts: items.map((item) => ({
      id: itemId(item),
      key: item.alert.key,
      event: item.happening,
      severity: item.alert.severity,
      sentence: item.alert.sentence,
      since: item.alert.firstSeenAt.toISOString(),
      endedAt: item.alert.endedAt?.toISOString() ?? null,
      url: panelUrl ? panelUrl + item.alert.href : null,
    })),
  });
}
