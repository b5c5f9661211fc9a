import { CHANNELS, type Channel, type TellingRules } from "@/lib/core/alerts/alert";
import type { Message } from "@/lib/core/alerts/message";
import { webhookBody } from "@/lib/core/alerts/webhook-body";
import { subjectOf, textOf } from "@/lib/core/alerts/words";
import type { AlertSettings } from "@/lib/core/panel/alerts";
import { sendMail } from "@/lib/system/outbound/smtp";
import { postWebhook } from "@/lib/system/outbound/webhook";
import { log } from "../log";
import { tellInstant } from "../tell-instant";

/** Sending ends by then, whatever the other side does. */
const SEND_MS = 10_000;

/** Those that an operator set up. */
export function channelsOf(settings: AlertSettings): Channel[] {
  return CHANNELS.filter((channel) => destinationOf(channel, settings) !== undefined);
}

/** Where a channel sends to, in words without secrets; undefined where it isn't set up. */
export function destinationOf(channel: Channel, settings: AlertSettings): string | undefined {
  const { webhookUrl, smtpHost, smtpPort, mailTo } = settings;
  if (channel === "webhook") return webhookUrl === "" ? undefined : new URL(webhookUrl).host;
  return smtpHost === "" ? undefined : `${mailTo.join(", ")} by ${smtpHost} port ${smtpPort}`;
}

export function rulesOf({ settleSeconds, repeatHours, least }: AlertSettings): TellingRules {
  return { settleMs: settleSeconds * 1000, repeatMs: repeatHours * 60 * 60_000, least };
}

/** Sends a message. Returns why it was not taken; undefined when it was. Never throws. `stop` breaks it off. */
export async function send(
  channel: Channel,
  settings: AlertSettings,
  message: Message,
  stop: AbortSignal = new AbortController().signal,
): Promise<string | undefined> {
  const tell = (at: Date) => tellInstant(at.getTime() / 1000);
  try {
    if (channel === "webhook") {
      const target = { url: settings.webhookUrl, secret: settings.webhookSecret };
      return await postWebhook(target, webhookBody(message, tell), {
        id: message.id,
        timeoutMs: SEND_MS,
        stop,
      });
    }
    const { smtpHost, smtpPort, smtpSecurity, smtpUser, smtpPassword, mailFrom, mailTo } = settings;
    const target = {
      host: smtpHost,
      port: smtpPort,
      security: smtpSecurity,
      user: smtpUser,
      password: smtpPassword,
    };
    const text = textOf(message, tell);
    const mail = { from: mailFrom, to: mailTo, subject: subjectOf(message), text, id: message.id };
    return await sendMail(target, mail, { timeoutMs: SEND_MS, stop });
  } catch (error) {
    // Its text may hold what was sent; where it happened doesn't.
    const where =
      error instanceof Error ? error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) : [];
    log.error({ channel, where }, "An alert could not be sent");
    return "Portcullis failed at sending it. The log says where.";
  }
}
