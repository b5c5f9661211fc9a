import type { HookChange } from "@/lib/core/hooks/event";
import { jobView } from "./job-view";
import type { Job } from "./store";

/** A change of many rules, as hooks are told of it. */
export function jobChange(job: Job): HookChange {
  const { title } = jobView(job);
  const input = job.input as { reason?: unknown };
  return {
    kind: "access",
    actor: job.actor.name,
    origin: job.actor.origin,
    reason: typeof input.reason === "string" ? input.reason : "",
    sentences: [title],
    subjects: null,
    subjectsInAll: job.total,
  };
}
