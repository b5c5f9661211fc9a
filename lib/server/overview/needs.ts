import { ENDING_DAYS, NO_FILTER } from "@/lib/core/access/filter";
import type { Enforcement } from "../access/enforcement";
import { countAccounts } from "../accounts/query/count";
import type { Database } from "../database/client";
import { standingDrift } from "../drift/record";
import { differences, type MailserverStatus } from "../mailserver/status";
import { waitingTrials } from "../mailserver/trials";
import { waitingChanges } from "../mailserver/waiting";

/** Something that a person must look at, and where it is mended. */
export interface Need {
  severity: "alarm" | "warning";
  sentence: string;
  href: string;
}

const FAILED_JOBS_MS = 7 * 24 * 60 * 60_000;
const SHOWN = 20;

/** What needs somebody now, the worst first; each thing once. */
export async function needsOf(
  db: Database,
  status: MailserverStatus,
  enforcement: Enforcement,
): Promise<Need[]> {
  const [drift, trials, waiting, jobs, ending] = await Promise.all([
    standingDrift(db),
    waitingTrials(db),
    waitingChanges(db, SHOWN),
    db.job.findMany({
      where: { state: "failed", finishedAt: { gt: new Date(Date.now() - FAILED_JOBS_MS) } },
      orderBy: { finishedAt: "desc" },
      take: SHOWN,
    }),
    countAccounts(db, { ...NO_FILTER, ending: ENDING_DAYS }),
  ]);
  const needs: Need[] = [
    ...drift
      .filter(({ leftBy }) => leftBy === null)
      .map(({ severity, sentence }) => ({ severity, sentence, href: "/mailserver/drift" })),
    ...differences(withoutTold(status, drift)).map((sentence) => alarm(sentence, "/mailserver")),
    ...enforcement.troubles.map((sentence) => alarm(sentence, "/accounts")),
    ...enforcement.alarms.map(({ key, sentence }) =>
      alarm(sentence, key.startsWith("access-") ? "/accounts" : "/mailserver/history"),
    ),
    ...trials.map(({ revision }) =>
      warning(
        `Revision ${revision} goes back by itself unless somebody says that mail still works.`,
        `/mailserver/history/${revision}`,
      ),
    ),
    ...waiting
      .filter(({ state }) => state === "failed")
      .map(({ id, sentences }) =>
        warning(
          `Could not be applied at its time: ${sentences.join(", ") || "what is so by now"}.`,
          `/mailserver/review/${id}`,
        ),
      ),
    ...jobs.map(({ id }) => warning("A job failed; what it had done stays.", `/jobs/${id}`)),
    ...(ending.count > 0
      ? [
          warning(
            `${ending.count.toLocaleString("en")}${ending.isMore ? "+" : ""} ${ending.count === 1 ? "account has a rule that ends" : "accounts have rules that end"} within ${ENDING_DAYS} days.`,
            `/accounts?ending=${ENDING_DAYS}`,
          ),
        ]
      : []),
  ];
  const once = [...new Map(needs.map((need) => [`${need.sentence} ${need.href}`, need])).values()];
  return once.toSorted((a, b) => a.severity.localeCompare(b.severity));
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

function alarm(sentence: string, href: string): Need {
  return { severity: "alarm", sentence, href };
}

function warning(sentence: string, href: string): Need {
  return { severity: "warning", sentence, href };
}
