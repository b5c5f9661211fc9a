import { editSentence } from "@/lib/core/access/edits";
import type { AccessAnswer, StepView } from "@/lib/core/access/views";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { refusalAnswer, toneOf } from "./answer";
import { type OffRequest, offNow } from "./off-now";
import { proveChange } from "./prove-change";

/** Denies, ends the open sessions, asks Dovecot, and tells each step. */
export async function answerOffNow(node: MailNode, request: OffRequest): Promise<AccessAnswer> {
  const { subject, protocol, expected } = request;
  const edit = { kind: "policy", subject, protocol, state: "deny", until: null } as const;
  const result = await offNow(node, request);
  if (result.kind !== "done") return refusalAnswer(result, [edit], expected ?? []);
  const done = result.steps.map(({ ok, sentence }): StepView => ({ state: ok ? "good" : "bad", sentence }));
  const steps = [...done, ...(await proveChange(node, [subject], [protocol]))];
  return {
    kind: "done",
    tone: toneOf(steps),
    saved: `Done: ${editSentence(edit, tellInstant)}, now.`,
    steps,
    changeId: result.changeId ?? null,
  };
}
