import { z } from "zod";
import type { JobJson } from "@/lib/core/api/answers/jobs";
import type { Job } from "./store";

const positionSchema = z.object({
  changeId: z.number().nullable().optional(),
  undoId: z.number().nullable().optional(),
});

/** A job for scripts and the API: names and types are a promise (docs/cli.md). */
export function jobFacts({
  id,
  kind,
  state,
  total,
  done,
  notes,
  scope,
  actor,
  position,
  ...at
}: Job): JobJson {
  const read = positionSchema.safeParse(position);
  return {
    id,
    kind,
    state,
    total,
    done,
    notes,
    actor: actor.name,
    origin: actor.origin,
    scope,
    createdAt: at.createdAt.toISOString(),
    startedAt: at.startedAt?.toISOString() ?? null,
    finishedAt: at.finishedAt?.toISOString() ?? null,
    change: read.success ? (read.data.undoId ?? read.data.changeId ?? null) : null,
  };
}
