import { stat } from "node:fs/promises";
import { MachineFailure } from "@/lib/core/apply/ports";
import { parseDoveconf } from "@/lib/core/dovecot/doveconf";
import { type DovecotInstance, outside, runDovecot } from "../dovecot/instance";
import { fileLog } from "./file-tail";
import { journalLog } from "./journal-log";
import type { LogSource } from "./log-reading";

const TIMEOUT_MS = 10_000;
/** Where a syslog daemon of Debian, Red Hat and SUSE puts mail's lines. */
const MAIL_LOGS = ["/var/log/mail.log", "/var/log/maillog", "/var/log/mail"];
const JOURNALS = ["/var/log/journal", "/run/log/journal"];

/**
 * The log that this Dovecot writes sign-ins to, wherever the site has it: it is read there and never moved.
 * @throws MachineFailure with the reason when there is none that can be read.
 */
export async function findLog(instance: DovecotInstance): Promise<LogSource> {
  const names = ["log_path", "info_log_path", "instance_name"];
  const ran = await runDovecot(instance, "doveconf", ["-c", instance.configFile, ...names], TIMEOUT_MS);
  if (ran.exitCode !== 0) throw new MachineFailure("Dovecot's configuration doesn't say where it logs.");
  const { settings } = parseDoveconf(ran.stdout);
  const path = settings.info_log_path || settings.log_path || "syslog";
  if (path.startsWith("/dev/"))
    throw new MachineFailure(`Dovecot logs to ${path}, which can't be read: sign-ins are not collected.`);
  if (path !== "syslog") return fileLog(outside(instance, path));
  for (const file of MAIL_LOGS) if (await isThere(file)) return fileLog(file);
  for (const folder of JOURNALS)
    if (await isThere(folder)) return journalLog(settings.instance_name || "dovecot");
  throw new MachineFailure("Dovecot logs to syslog, and neither a mail log nor a journal was found.");
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
