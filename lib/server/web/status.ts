import { database } from "../database/client";
import { type MailserverStatus, mailserverStatus } from "../mailserver/status";
import { openNode } from "../node";

/** A look at every port costs some 30 ms of the daemon's time: several people who watch share one. */
const FRESH_MS = 5000;

interface Known {
  at: number;
  /** What the database said then: a change by the command line makes the look worthless, however young. */
  changes: string;
  status: Promise<MailserverStatus>;
}

const shared = globalThis as { portcullisStatus?: Known };

/** The state of the mail server, at most a few seconds old and never older than a change; `checkedAt` says how old. */
export async function recentStatus(): Promise<MailserverStatus> {
  const changes = await lastChanges();
  const known = shared.portcullisStatus;
  if (known && known.changes === changes && Date.now() - known.at < FRESH_MS) return await known.status;
  const status = openNode().then(mailserverStatus);
  shared.portcullisStatus = { at: Date.now(), changes, status };
  status.catch(forgetStatus);
  return await status;
}

/** After a change of our own: the next page looks anew. */
export function forgetStatus(): void {
  delete shared.portcullisStatus;
}

async function lastChanges(): Promise<string> {
  const [revision, attempt] = await Promise.all([
    database().revision.findFirst({ orderBy: { number: "desc" }, select: { number: true } }),
    database().attempt.findFirst({ orderBy: { startedAt: "desc" }, select: { id: true } }),
  ]);
  return `${revision?.number} ${attempt?.id}`;
}
