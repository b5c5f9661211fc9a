import { z } from "zod";
import { RANKS } from "@/lib/core/access/rules";

/** What a job that takes a change back is asked for. */
export const bulkUndoSchema = z.object({ changeId: z.number(), rank: z.enum(RANKS), reason: z.string() });
