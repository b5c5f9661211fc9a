import { z } from "zod";
import { bulkInputSchema } from "@/lib/core/access/bulk";
import type { JobView } from "@/lib/core/jobs";
import { bulkUndoSchema } from "./bulk-undo-input";
import type { Job } from "./store";

/** Kinds that go on where they stopped; a listing begins anew. */
const RESUMABLE = ["bulk-access", "bulk-undo", "import-policies"];

export function jobView(job: Job): JobView {
  const { id, state, done, notes, actor, createdAt, finishedAt, kind } = job;
  const { title, unit } = describe(job);
  const isActive = state === "waiting" || state === "running" || state === "cancelling";
  return {
    id,
    title,
    unit,
    state,
    total: totalOf(job, isActive),
    done,
    notes,
    actor: actor.name,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    canCancel: (state === "waiting" || state === "running") && RESUMABLE.includes(kind),
    canResume: (state === "cancelled" || state === "failed") && RESUMABLE.includes(kind),
    changeId: changeOf(job),
  };
}

/** What was counted at the start is a guess where accounts are listed: what came to an end was all. */
function totalOf({ kind, state, total, done }: Job, isActive: boolean): number | null {
  if (kind === "sync" && state === "done") return done;
  return total > done || !isActive ? Math.max(total, done) : null;
}

const positionSchema = z.object({
  changeId: z.number().nullable().optional(),
  undoId: z.number().nullable().optional(),
});

function changeOf({ position }: Job): number | null {
  const parsed = positionSchema.safeParse(position);
  return parsed.success ? (parsed.data.undoId ?? parsed.data.changeId ?? null) : null;
}

function describe({ kind, input }: Job): { title: string; unit: string } {
  switch (kind) {
    case "sync":
      return { title: "List the server's accounts", unit: "accounts" };
    case "bulk-access":
      return { title: actTitle(input), unit: "accounts" };
    case "bulk-undo":
      return { title: `Take back change ${bulkUndoSchema.parse(input).changeId}`, unit: "rules" };
    case "import-policies":
      return { title: "Import rules from a file", unit: "lines" };
    default:
      return { title: kind, unit: "steps" };
  }
}

function actTitle(input: unknown): string {
  const { act } = bulkInputSchema.parse(input);
  const what = (protocols: readonly string[]) =>
    protocols.includes("all") ? "" : ` ${protocols.map((one) => one.toUpperCase()).join(" and ")}`;
  switch (act.kind) {
    case "policy":
      return `${{ allow: "Allow", deny: "Deny", inherit: "Inherit" }[act.state]}${what(act.protocols)} for many accounts`;
    case "suspend":
      return `Suspend${what([act.protocol])} for many accounts`;
    case "resume":
      return `Resume${what([act.protocol])} for many accounts`;
  }
}
