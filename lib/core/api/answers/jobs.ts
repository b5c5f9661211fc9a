import { z } from "zod";
import { instant } from "./instant";

/** Long work, and how far it is. */
export const job = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(["waiting", "running", "cancelling", "cancelled", "done", "failed"]),
    total: z.int(),
    done: z.int(),
    notes: z.array(z.string()),
    actor: z.string(),
    origin: z.string(),
    scope: z.array(z.string()).readonly().nullable().describe("domains that it is done within"),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    change: z.int().nullable().describe("the change that it makes, so far"),
  })
  .meta({ id: "Job" });
export type JobJson = z.infer<typeof job>;
