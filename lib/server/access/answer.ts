import type { WantedState } from "@/lib/core/access/edits";
import { type Edit, editSentence } from "@/lib/core/access/edits";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { subjectLabel } from "@/lib/core/access/subject";
import type { AccessAnswer, StepView } from "@/lib/core/access/views";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { type ChangeRequest, type ChangeResult, changeAccess } from "./change";
import type { Expected } from "./expected";
import { proveChange } from "./prove-change";

/** Does an act upon rules, asks Dovecot about it, and tells both. */
export async function answerChange(node: MailNode, request: ChangeRequest): Promise<AccessAnswer> {
  const result = await changeAccess(node, request);
  return result.kind === "done"
    ? await doneAnswer(node, result, request.edits)
    : refusalAnswer(result, request.edits, request.expected ?? []);
}

/** The answer to an act that was done; `before` and the proof are lines of it. */
export async function doneAnswer(
  node: MailNode,
  { changeId, sentences, enforced, trouble }: Extract<ChangeResult, { kind: "done" }>,
  edits: readonly Edit[],
  before: readonly StepView[] = [],
): Promise<Extract<AccessAnswer, { kind: "done" }>> {
  const inMap: StepView = enforced
    ? { state: "good", sentence: "It is in the access map: the next login is decided by it." }
    : { state: "bad", sentence: `Not enforced yet, and tried again: ${trouble}` };
  const proof = enforced ? await proveChange(node, subjectsOf(edits), protocolsOf(edits)) : [];
  const steps = [...before, inMap, ...proof];
  return {
    kind: "done",
    tone: toneOf(steps),
    saved:
      changeId === undefined ? "It was so already; nothing was changed." : `Done: ${sentences.join("; ")}.`,
    steps,
    changeId: changeId ?? null,
  };
}

export function toneOf(steps: readonly StepView[]): "good" | "warn" | "bad" {
  if (steps.some(({ state }) => state === "bad")) return "bad";
  return steps.some(({ state }) => state === "unknown") ? "warn" : "good";
}

export function refusalAnswer(
  result: Exclude<ChangeResult, { kind: "done" }>,
  edits: readonly Edit[],
  expected: readonly Expected[],
): AccessAnswer {
  if (result.kind === "not-allowed") return result;
  const sides = result.found.map(({ subject, protocol, state, actor, at, reason }) => ({
    label: `${protocol.toUpperCase()} for ${subjectLabel(subject)}`,
    saw: expected.find((one) => one.subject === subject && one.protocol === protocol)?.state ?? "inherit",
    now: state,
    actor,
    at: at?.toISOString() ?? null,
    reason,
  }));
  return {
    kind: "conflict",
    sides,
    seen: soleState(sides.map(({ now }) => now)),
    yours: edits.map((edit) => editSentence(edit, tellInstant)),
    now: new Date().toISOString(),
  };
}

function soleState(states: readonly WantedState[]): WantedState | null {
  return states.length === 1 ? (states[0] ?? null) : null;
}

function subjectsOf(edits: readonly Edit[]): string[] {
  return [...new Set(edits.map(({ subject }) => subject))];
}

/** Of a lift it isn't said which: all are asked about. */
function protocolsOf(edits: readonly Edit[]): Protocol[] {
  return PROTOCOLS.filter((protocol) =>
    edits.some((edit) => edit.kind === "lift" || edit.protocol === "all" || edit.protocol === protocol),
  );
}
