import type { StatusJson } from "@/lib/core/api/answers/status";
import { accessEnforcement } from "../access/enforcement";
import { enforcementFacts } from "../access/enforcement-facts";
import type { MailNode } from "../node";
import { differences, mailserverStatus } from "./status";

/** What is wanted, in force and seen, looked at now: names and types are a promise (docs/cli.md). */
export async function statusFacts(node: MailNode): Promise<StatusJson> {
  const status = await mailserverStatus(node);
  const { wanted, inForce, dovecot, lastAttempt } = status;
  return {
    checkedAt: status.checkedAt.toISOString(),
    dovecot,
    wanted: {
      revision: wanted.number,
      settings: wanted.values,
      author: wanted.author,
      reason: wanted.reason,
      createdAt: wanted.createdAt.toISOString(),
    },
    inForce: inForce && { revision: inForce.revision, since: inForce.since.toISOString() },
    files: status.files,
    loaded: status.loaded,
    settled: status.settled,
    protocols: status.protocols,
    listenersKnown: status.listenersKnown,
    listeners: status.listeners,
    sessions: status.sessions,
    lastAttempt: lastAttempt && {
      outcome: lastAttempt.outcome,
      finishedAt: lastAttempt.finishedAt.toISOString(),
    },
    differences: differences(status),
    access: enforcementFacts(await accessEnforcement(node)),
  };
}
