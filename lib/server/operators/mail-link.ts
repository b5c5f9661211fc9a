import { randomUUID } from "node:crypto";
import { sendMail } from "@/lib/system/outbound/smtp";
import type { Database } from "../database/client";
import { panelSettings } from "../panel-settings";

const SEND_MS = 10_000;

/** Whether the panel can send mail at all: by the server that alerts go by. */
export async function canMail(db: Database): Promise<boolean> {
  return (await panelSettings(db, "alerts")).values.smtpHost !== "";
}

/** Sends a link to its owner, and tells in a sentence what came of it. */
export async function mailLink(
  db: Database,
  to: string,
  { subject, sentences, url }: { subject: string; sentences: readonly string[]; url: string },
): Promise<string> {
  const { smtpHost, smtpPort, smtpSecurity, smtpUser, smtpPassword, mailFrom } = (
    await panelSettings(db, "alerts")
  ).values;
  if (smtpHost === "") return "No mail was sent: no SMTP server is set for alerts.";
  const target = {
    host: smtpHost,
    port: smtpPort,
    security: smtpSecurity,
    user: smtpUser,
    password: smtpPassword,
  };
  const text = `${[...sentences, "", url].join("\n")}\n`;
  const failure = await sendMail(
    target,
    { from: mailFrom, to: [to], subject, text, id: randomUUID() },
    { timeoutMs: SEND_MS, stop: new AbortController().signal },
  );
  return failure === undefined ? `Mailed to ${to}.` : `The mail was not taken: ${failure}`;
}
