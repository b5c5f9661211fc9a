import type { z } from "zod";
import type { Edit } from "@/lib/core/access/edits";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import type { changeDone } from "@/lib/core/api/answers/rules";
import type { MailNode } from "../node";
import { type ChangeRequest, type ChangeResult, changeAccess } from "./change";
import { accessEnforcement } from "./enforcement";
import { endDeniedSessions, type OffStep } from "./off-now";

export interface RulesRequest extends ChangeRequest {
  /** Whom all edits are about: one account, a domain, or everybody. */
  subject: Subject;
  /** End the sessions that the rules then deny. */
  offNow: boolean;
  /** Ask Dovecot afterwards. */
  proof: boolean;
}

/** What is then so, and what Dovecot says to it. */
interface Shown {
  contradicted: boolean;
  unproved: boolean;
}

export type RulesAnswer<S extends Shown> =
  | Exclude<ChangeResult, { kind: "done" }>
  | {
      kind: "done";
      /** What came of it, for scripts and the API. */
      done: z.infer<typeof changeDone>;
      shown: S;
      /** Saved, and in every respect seen to be so. */
      isSeen: boolean;
    };

/** Changes rules of one account or domain, and finds out whether it is so; `show` tells of it, and may ask Dovecot first. */
export async function changeRules<S extends Shown>(
  node: MailNode,
  request: RulesRequest,
  show: (ask: boolean) => Promise<S>,
): Promise<RulesAnswer<S>> {
  const { subject, edits, actor, offNow, proof } = request;
  const result = await changeAccess(node, request);
  if (result.kind !== "done") return result;
  const steps: OffStep[] = [];
  let sessionsEnded = 0;
  for (const protocol of offNow ? protocolsOf(edits) : []) {
    const { step, ended } = await endDeniedSessions(node, { actor, subject, protocol });
    steps.push(step);
    sessionsEnded += ended;
  }
  const shown = await show(proof);
  const { troubles, notes } = proof ? await standingTroubles(node) : { troubles: [], notes: [] };
  if (!result.enforced) troubles.unshift(`Saved, and not enforced yet: ${result.trouble}`);
  const enforced = troubles.length === 0 && !shown.contradicted;
  return {
    kind: "done",
    done: {
      outcome: result.changeId === undefined ? "unchanged" : "changed",
      change: result.changeId ?? null,
      sentences: result.sentences,
      enforced,
      troubles,
      notes,
      ...(offNow ? { steps, sessionsEnded } : {}),
    },
    shown,
    isSeen: enforced && !shown.unproved && steps.every(({ ok }) => ok),
  };
}

/** Of a lift it isn't known which: all that the account's suspensions can hold. */
function protocolsOf(edits: readonly Edit[]): Protocol[] {
  return PROTOCOLS.filter((protocol) =>
    edits.some((edit) => edit.kind !== "lift" && (edit.protocol === "all" || edit.protocol === protocol)),
  );
}

/** What speaks against calling anything enforced; that other accounts are contradicted is only told. */
async function standingTroubles(node: MailNode): Promise<{ troubles: string[]; notes: string[] }> {
  const { troubles, alarms } = await accessEnforcement(node);
  const mismatches = alarms.filter(({ key }) => key.startsWith("access-mismatch"));
  const notes =
    mismatches.length > 0
      ? [
          `Dovecot contradicts ${mismatches.length.toLocaleString("en")} ${mismatches.length === 1 ? "rule" : "rules"}: see "portcullis access status".`,
        ]
      : [];
  return {
    troubles: troubles.filter((trouble) => !mismatches.some(({ sentence }) => sentence === trouble)),
    notes,
  };
}
