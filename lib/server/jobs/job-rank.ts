import { z } from "zod";
import { mayLift, RANKS, type Rank } from "@/lib/core/access/rules";
import type { Job } from "./store";

const rank = z.enum(RANKS);
/** A job works with the rank of whoever asked for it, where it lifts or puts back suspensions. */
const ranked = z.union([
  z.looseObject({ act: z.looseObject({ kind: z.literal("resume"), rank }) }).transform(({ act }) => act.rank),
  z.looseObject({ changeId: z.number(), rank }).transform((input) => input.rank),
]);

/** Whether somebody may let a job go on: not one that lifts what he couldn't lift himself. */
export function mayGoOn(job: Pick<Job, "input">, own: Rank): boolean {
  const of = ranked.safeParse(job.input);
  return !of.success || mayLift(own, of.data);
}
