import { type MailserverStatus, mailserverStatus } from "../mailserver/status";
import { openNode } from "../node";

/** A look at every port costs some 30 ms of the daemon's time: several people who watch share one. */
const FRESH_MS = 5000;

const shared = globalThis as { portcullisStatus?: { at: number; status: Promise<MailserverStatus> } };

/** The state of the mail server, at most a few seconds old; `checkedAt` says how old. */
export async function recentStatus(): Promise<MailserverStatus> {
  const known = shared.portcullisStatus;
  if (known && Date.now() - known.at < FRESH_MS) return await known.status;
  const status = openNode().then(mailserverStatus);
  shared.portcullisStatus = { at: Date.now(), status };
  status.catch(forgetStatus);
  return await status;
}

/** After a change: the next page looks anew. */
export function forgetStatus(): void {
  delete shared.portcullisStatus;
}
