import { type Outcome, sightingSentence } from "@/lib/core/apply/outcome";
import { digestsOf, type Prepared } from "@/lib/core/apply/prepare";
import type { AuditEvent } from "../audit";
import type { MailNode } from "../node";
import { outcomeView } from "./views";

/** Who had the engine run, as what, and why. */
export type RunBy = Pick<AuditEvent, "actor" | "action" | "reason">;

/** What an entry about a revision is found by. */
export function revisionSubject(number: number): string {
  return `revision ${number}`;
}

interface EndedRun {
  revision: number;
  outcome: Outcome;
  prepared: Prepared | undefined;
}

/** What a run of the engine came to, for the audit: what it did to the files, and what was seen of every port. */
export function outcomeEvent(node: MailNode, by: RunBy, run: EndedRun): AuditEvent {
  const { outcome, revision } = run;
  const { inForce, details } = outcomeView(outcome, revision);
  // Of one that was applied the details are its ports, told as probes.
  const told = outcome.kind === "applied" ? outcome.notes : details;
  return {
    ...by,
    outcome: outcome.kind,
    subject: revisionSubject(revision),
    sentences: [inForce, ...told],
    ...digestsAround(node, run),
    probes: "probes" in outcome ? outcome.probes.map(sightingSentence) : [],
  };
}

function digestsAround(
  { ports }: MailNode,
  { outcome: { kind }, prepared }: EndedRun,
): Pick<AuditEvent, "filesBefore" | "filesAfter"> {
  if (!prepared) return {};
  const before = prepared.live ? { filesBefore: digestsOf(prepared.live, ports) } : {};
  // Stuck, nobody knows: the sentences say what stands.
  if (kind === "stuck") return before;
  const after = kind === "applied" ? prepared.rendered.files : prepared.live;
  return { ...before, ...(after ? { filesAfter: digestsOf(after, ports) } : {}) };
}
