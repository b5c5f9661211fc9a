import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { askHelper } from "@/lib/system/helper/client";
import { findLog } from "@/lib/system/logs/find-log";
import { run } from "@/lib/system/run";
import { keptBackups } from "../backup/list";
import { readDescription } from "../node";
import { runningPanel } from "../running";
import { tellInstant } from "../tell-instant";
import { coverageOf } from "../use/coverage";
import { type Check, fail, ok, type Patient, unknown, type Verdict, warn } from "./check";

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
/** Backups are for the day that comes; a week's changes can be made again. */
const OLD_DAYS = 7;
/** The keeper gives its sign every ten seconds. */
const SILENT_MS = 2 * MINUTE_MS;
const ANSWER_MS = 10_000;
/** Clocks of this machine's own files and entries. */
const AHEAD_MS = 2 * MINUTE_MS;

export const upkeepChecks: readonly Check[] = [
  { id: "panel", group: "upkeep", look: panelOf },
  { id: "keeper", group: "upkeep", look: keeperOf },
  { id: "helper", group: "upkeep", look: helperOf, needsServer: true },
  { id: "sign-in-log", group: "upkeep", needsServer: true, look: logOf },
  { id: "clock", group: "upkeep", look: clockOf },
  { id: "backup", group: "upkeep", look: backupOf },
];

async function panelOf({ home, startCommand }: Patient): Promise<Verdict> {
  const running = await runningPanel(home);
  if (!running)
    return fail("The panel does not run. Mail doesn't need it; rules that end and alerts do.", startCommand);
  const where = `${running.url}/api/health`;
  try {
    const response = await fetch(where, { signal: AbortSignal.timeout(ANSWER_MS), redirect: "error" });
    if (response.ok) return ok(`The panel answers at ${running.url}.`);
    return fail(
      `The panel answers ${response.status} at ${where}: its database can't be used.`,
      "The findings above tell why.",
    );
  } catch {
    return fail(
      `The panel (pid ${running.pid}) does not answer at ${where}.`,
      `${startCommand}; why stands in ${home.panelLog}`,
    );
  }
}

async function keeperOf({ home, startCommand }: Patient): Promise<Verdict> {
  const at = await lastTouched(home.keeperSign);
  if (at === undefined) return unknown("No keeper ever ran for this home.", startCommand);
  const ageMs = Date.now() - at;
  return ageMs > SILENT_MS
    ? fail(
        `The keeper gave its last sign on ${tellInstant(at / 1000)}: rules don't end, changes don't come at their time, nobody is told.`,
        startCommand,
      )
    : ok("The keeper is alive.");
}

/** Whoever has none is asked nothing. */
async function helperOf({ home }: Patient): Promise<Verdict[]> {
  const { helper } = await readDescription(home);
  if (!helper) return [];
  try {
    await askHelper(helper, { ask: "running" });
    return [ok(`The helper answers at ${helper.socket}.`)];
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return [
      fail(
        `The helper does not answer: ${error.message} Mail goes on; nothing can be changed.`,
        "systemctl restart portcullis-helper; why stands in journalctl -u portcullis-helper",
      ),
    ];
  }
}

async function logOf(patient: Patient): Promise<Verdict> {
  const { instance } = await patient.node();
  await patient.hangs();
  const log = await findLog(instance);
  await log.read(undefined);
  if (!patient.isDatabaseSound) return ok(`The log of sign-ins (${log.name}) can be read.`);
  const { trouble } = await coverageOf(patient.db());
  return trouble === ""
    ? ok(`The log of sign-ins (${log.name}) can be read.`)
    : warn(trouble, `Look at ${log.name}, and at login_log_format_elements in Dovecot's configuration.`);
}

async function clockOf(patient: Patient): Promise<Verdict> {
  const now = Date.now();
  const built = await lastTouched(join(patient.root, ".next/BUILD_ID"));
  const entry = patient.isDatabaseSound
    ? await patient.db().auditEntry.findFirst({ orderBy: { number: "desc" }, select: { at: true } })
    : undefined;
  const latest = Math.max(built ?? 0, entry?.at.getTime() ?? 0);
  if (latest > now + AHEAD_MS)
    return fail(
      `The clock is behind: it is ${tellInstant(now / 1000)}, and there is something of ${tellInstant(latest / 1000)}. Rules would end late, and codes would not be taken.`,
      "timedatectl set-ntp true, or set it: timedatectl set-time 'YYYY-MM-DD HH:MM:SS'",
    );
  const asked = await run("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    timeoutMs: ANSWER_MS,
  });
  if (asked.stdout.trim() === "no") return warn("The clock is not kept by NTP.", "timedatectl set-ntp true");
  const how = asked.stdout.trim() === "yes" ? "NTP keeps it." : "Whether NTP keeps it can't be told here.";
  return ok(`The clock is not behind anything that was written. ${how}`);
}

async function backupOf({ home }: Patient): Promise<Verdict> {
  const [newest] = await keptBackups(home);
  const mend = "portcullis backup create; keep a copy on another machine.";
  if (!newest) return warn(`There is no backup in ${home.backups}.`, mend);
  const days = Math.floor((Date.now() - newest.at.getTime()) / DAY_MS);
  return days > OLD_DAYS
    ? warn(`The last backup is ${days} days old.`, mend)
    : ok(`The last backup is of ${tellInstant(newest.at.getTime() / 1000)}.`);
}

async function lastTouched(path: string): Promise<number | undefined> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
