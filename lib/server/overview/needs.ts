import { ENDING_DAYS, NO_FILTER } from "@/lib/core/access/filter";
import type { Standing } from "@/lib/core/alerts/alert";
import { volumeTrouble } from "@/lib/core/volume";
import { type Enforcement, LOOKUP_NOT_LOADED } from "../access/enforcement";
import { countAccounts } from "../accounts/query/count";
import { AUDIT_ALARM } from "../audit/check";
import type { Database } from "../database/client";
import { standingDrift } from "../drift/record";
import { keyedDifferences, type MailserverStatus } from "../mailserver/status";
import { waitingTrials } from "../mailserver/trials";
import { waitingChanges } from "../mailserver/waiting";
import type { Scoped } from "../node";
import { panelSettings } from "../panel-settings";

const FAILED_JOBS_MS = 7 * 24 * 60 * 60_000;
const SHOWN = 20;

/** What needs somebody now, the worst first; each thing once. Of the server only for those who see all of it. */
export async function needsOf(
  scoped: Scoped,
  status: MailserverStatus,
  enforcement: Enforcement,
): Promise<Standing[]> {
  const [troubles, ending] = await Promise.all([
    scoped.scope === null ? troublesOf(scoped.db, status, enforcement) : [],
    endingNeeds(scoped),
  ]);
  return [...troubles, ...ending];
}

/** The same without what goes as it was planned: what somebody is told of who isn't looking. */
export async function troublesOf(
  db: Database,
  status: MailserverStatus,
  enforcement: Enforcement,
): Promise<Standing[]> {
  const [drift, trials, waiting, jobs, { values }] = await Promise.all([
    standingDrift(db),
    waitingTrials(db),
    waitingChanges(db, SHOWN),
    db.job.findMany({
      where: { state: "failed", finishedAt: { gt: new Date(Date.now() - FAILED_JOBS_MS) } },
      orderBy: { finishedAt: "desc" },
      take: SHOWN,
    }),
    panelSettings(db, "alerts"),
  ]);
  const full = status.volume ? volumeTrouble(status.volume, values.diskPercent) : undefined;
  const needs: Standing[] = [
    ...drift
      .filter(({ leftBy }) => leftBy === null)
      .map(({ key, severity, sentence }) => ({ key, severity, sentence, href: "/mailserver/drift" })),
    ...keyedDifferences(withoutTold(status, drift)).map(({ key, sentence }) =>
      alarm(
        key,
        sentence,
        key === "not-in-force" ? `/mailserver/history/${status.wanted.number}` : "/mailserver",
      ),
    ),
    ...enforcement.troubles
      .filter((sentence) => !enforcement.alarms.some((one) => one.sentence === sentence))
      // Where it doesn't run, that is told.
      .filter((sentence) => status.dovecot.running || sentence !== LOOKUP_NOT_LOADED)
      .map((sentence) => alarm(sentence, sentence, "/accounts")),
    ...enforcement.alarms.map(({ key, sentence }) => alarm(`alarm:${key}`, sentence, alarmHref(key))),
    ...(full ? [{ key: "mail-volume", ...full, href: "/mailserver" }] : []),
    ...trials.map(({ revision }) =>
      warning(
        `trial:${revision}`,
        `Revision ${revision} goes back by itself unless somebody says that mail still works.`,
        `/mailserver/history/${revision}`,
      ),
    ),
    ...waiting
      .filter(({ state }) => state === "failed")
      .map(({ id, sentences }) =>
        warning(
          `change:${id}`,
          `Could not be applied at its time: ${sentences.join(", ") || "what is so by now"}.`,
          `/mailserver/review/${id}`,
        ),
      ),
    ...jobs.map(({ id }) => warning(`job:${id}`, "A job failed; what it had done stays.", `/jobs/${id}`)),
  ];
  const once = [...new Map(needs.map((need) => [`${need.sentence} ${need.href}`, need])).values()];
  return once.toSorted((a, b) => a.severity.localeCompare(b.severity));
}

async function endingNeeds(scoped: Scoped): Promise<Standing[]> {
  const { count, isMore } = await countAccounts(scoped, { ...NO_FILTER, ending: ENDING_DAYS });
  if (count === 0) return [];
  const whose = count === 1 ? "account has a rule that ends" : "accounts have rules that end";
  const sentence = `${count.toLocaleString("en")}${isMore ? "+" : ""} ${whose} within ${ENDING_DAYS} days.`;
  return [warning("ending", sentence, `/accounts?ending=${ENDING_DAYS}`)];
}

const FILE_KINDS: readonly string[] = ["edited", "removed", "unreadable", "replaced"];

/** What a standing drift tells, left or not, isn't told a second time by the status. */
function withoutTold(status: MailserverStatus, drift: readonly { kind: string }[]): MailserverStatus {
  const kinds = new Set(drift.map(({ kind }) => kind));
  const isDown = kinds.has("daemon-down");
  return {
    ...status,
    files: FILE_KINDS.some((kind) => kinds.has(kind)) ? "as-applied" : status.files,
    dovecot: isDown ? { ...status.dovecot, running: true } : status.dovecot,
    loaded: status.loaded || isDown || kinds.has("other-config"),
    listeners: isDown || kinds.has("ports") ? [] : status.listeners,
  };
}

function alarmHref(key: string): string {
  if (key === AUDIT_ALARM) return "/audit";
  if (key.startsWith("hook:")) return "/settings/hooks";
  return key.startsWith("access-") ? "/accounts" : "/mailserver/history";
}

function alarm(key: string, sentence: string, href: string): Standing {
  return { key, severity: "alarm", sentence, href };
}

function warning(key: string, sentence: string, href: string): Standing {
  return { key, severity: "warning", sentence, href };
}
