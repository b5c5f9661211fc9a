import type { Edit, WantedState } from "@/lib/core/access/edits";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import { type ChangeResult, changeAccess } from "@/lib/server/access/change";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { endDeniedSessions, type OffStep } from "@/lib/server/access/off-now";
import type { MailNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { many } from "../progress";
import { shellActor } from "./arguments";
import type { Noun } from "./noun";

export interface RuleChange {
  noun: Noun;
  subject: Subject;
  edits: readonly Edit[];
  reason: string;
  /** Of every protocol that is set; undefined for no matter what it is. */
  expect?: WantedState | undefined;
  /** End the sessions that the rules then deny. */
  offNow: boolean;
  /** Ask Dovecot afterwards. */
  proof: boolean;
  json: boolean;
}

/** Changes rules of one account or domain and answers with what is then so. */
export async function changeRules(node: MailNode, change: RuleChange): Promise<void> {
  const { noun, subject, edits, reason, expect, proof, json } = change;
  const actor = shellActor();
  const expected = edits.flatMap((edit) =>
    edit.kind === "policy" && expect !== undefined
      ? [{ subject: edit.subject, protocol: edit.protocol, state: expect }]
      : [],
  );
  const result = await changeAccess(node, { actor, rank: "administrator", reason, edits, expected });
  if (result.kind !== "done") return refuse(result, change);
  const steps: OffStep[] = [];
  let sessionsEnded = 0;
  for (const protocol of change.offNow ? protocolsOf(edits) : []) {
    const { step, ended } = await endDeniedSessions(node, { actor, subject, protocol });
    steps.push(step);
    sessionsEnded += ended;
  }
  const told = await noun.report(node, subject, proof);
  const { troubles, notes } = proof ? await standingTroubles(node) : { troubles: [], notes: [] };
  if (!result.enforced) troubles.unshift(`Saved, and not enforced yet: ${result.trouble}`);
  const enforced = troubles.length === 0 && !told.contradicted;
  if (!enforced || told.unproved || steps.some(({ ok }) => !ok)) setExitCode(EXIT.notInForce);
  if (json)
    return printJson({
      outcome: result.changeId === undefined ? "unchanged" : "changed",
      change: result.changeId ?? null,
      sentences: result.sentences,
      enforced,
      troubles,
      notes,
      ...(change.offNow ? { steps, sessionsEnded } : {}),
      ...told.json,
    });
  print([
    result.changeId === undefined
      ? "It was so already; nothing was changed."
      : `Change ${result.changeId}: ${result.sentences.join("; ")}.`,
    ...steps.map(({ sentence }) => sentence),
    ...told.summary,
  ]);
  if (troubles.length + notes.length > 0) note([...troubles, ...notes]);
}

/** Of a lift it isn't known which: all that the account's suspensions can hold. */
function protocolsOf(edits: readonly Edit[]): Protocol[] {
  return PROTOCOLS.filter((protocol) =>
    edits.some((edit) => edit.kind !== "lift" && (edit.protocol === "all" || edit.protocol === protocol)),
  );
}

function refuse(result: Exclude<ChangeResult, { kind: "done" }>, { json, expect }: RuleChange): void {
  if (result.kind === "not-allowed") {
    setExitCode(EXIT.refused);
    if (json) printJson({ outcome: "not-allowed", problems: [{ message: result.sentence }] });
    return note(`${result.sentence} Nothing was changed.`);
  }
  setExitCode(EXIT.conflict);
  if (json)
    printJson({
      outcome: "conflict",
      found: result.found.map(({ at, ...one }) => ({ ...one, at: at?.toISOString() ?? null })),
    });
  note([
    ...result.found.map(
      ({ subject, protocol, state, actor, at }) =>
        `${protocol.toUpperCase()} for ${subjectLabel(subject)} is ${state}, not ${expect}${at ? ` (by ${actor}, ${at.toISOString()})` : ""}.`,
    ),
    "Nothing was changed.",
  ]);
}

/** What speaks against calling anything enforced; that other accounts are contradicted is only told. */
async function standingTroubles(node: MailNode): Promise<{ troubles: string[]; notes: string[] }> {
  const { troubles, alarms } = await accessEnforcement(node);
  const mismatches = alarms.filter(({ key }) => key.startsWith("access-mismatch"));
  const notes =
    mismatches.length > 0
      ? [`Dovecot contradicts ${many(mismatches.length, "rule", "rules")}: see "portcullis access status".`]
      : [];
  return {
    troubles: troubles.filter((trouble) => !mismatches.some(({ sentence }) => sentence === trouble)),
    notes,
  };
}
