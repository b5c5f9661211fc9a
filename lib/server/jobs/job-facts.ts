import { z } from "zod";
import type { JobJson } from "@/lib/core/api/answers/jobs";
import type { Job } from "./store";

const positionSchema = z.object({
  changeId: z.number().nullable().optional(),
  undoId: z.number().nullable().optional(),
});

/** A job for scripts and the API: names and types are a promise (docs/cli.md). */
export function jobFacts({
  actor,
  position,
  input: _input,
  createdAt,
  startedAt,
  finishedAt,
  ...job
}: Job): JobJson {
  const at = positionSchema.safeParse(position);
  return {
    ...job,
    actor: actor.name,
    origin: actor.origin,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    change: at.success ? (at.data.undoId ?? at.data.changeId ?? null) : null,
  };
}
