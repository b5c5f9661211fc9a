import type { MailNode } from "../node";
import { proposeMailserver } from "./proposals";
import type { Actor } from "./revisions";
import { planUndo, undoPatch } from "./undo";

/** Keeps the inverse of a revision for a look at it, or says why there is none. */
export async function proposeUndo(
  node: MailNode,
  { number, conflicts, actor }: { number: number; conflicts: "leave" | "overwrite"; actor: Actor },
): Promise<{ kind: "proposed"; id: string } | { kind: "not"; problems: string[] }> {
  const plan = await planUndo(node.db, number);
  if (plan.kind !== "plan") return { kind: "not", problems: ["There is nothing before it to go back to."] };
  const proposed = await proposeMailserver(node, {
    patch: undoPatch(plan, conflicts),
    baseRevision: plan.base.number,
    reason: `Take back revision ${number}`,
    actor,
    undoes: number,
    // They were in force before; the review tells what they do.
    authenticationOnly: true,
    acceptWarnings: true,
    replaceEdited: false,
  });
  switch (proposed.kind) {
    case "proposed":
      return proposed;
    case "nothing":
      return { kind: "not", problems: ["Everything that it changed is as it was before."] };
    case "invalid":
    case "refused":
      return { kind: "not", problems: proposed.problems.map(({ message }) => message) };
    case "conflict":
    case "needs-confirmation":
      return { kind: "not", problems: ["Somebody saved in between. Try again."] };
  }
}
