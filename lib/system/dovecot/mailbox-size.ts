import { askHelper } from "../helper/client";
import { type DovecotInstance, runDovecot } from "./instance";

const TIMEOUT_MS = 30_000;

export interface MailboxSize {
  /** As Dovecot counts it for quotas: what mail clients see, not what the disk holds. */
  bytes: number;
  messages: number;
}

/** How much mail an account keeps, in all its folders; undefined where Dovecot can't tell. */
export async function mailboxSize(
  instance: DovecotInstance,
  address: string,
): Promise<MailboxSize | undefined> {
  if (instance.helper)
    return (await askHelper(instance.helper, { ask: "mailbox-size", address })) ?? undefined;
  const args = [
    "-c",
    instance.configFile,
    "-f",
    "tab",
    "mailbox",
    "status",
    "-u",
    address,
    "-t",
    "messages vsize",
    "*",
  ];
  const { exitCode, stdout } = await runDovecot(instance, "doveadm", args, TIMEOUT_MS);
  if (exitCode !== 0) return undefined;
  const [head = "", row = ""] = stdout.split("\n");
  const cells = row.split("\t");
  const cell = (name: string) => Number(cells[head.split("\t").indexOf(name)]);
  const [bytes, messages] = [cell("vsize"), cell("messages")];
  return Number.isSafeInteger(bytes) && Number.isSafeInteger(messages) ? { bytes, messages } : undefined;
}
