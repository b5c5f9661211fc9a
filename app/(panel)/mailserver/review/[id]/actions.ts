"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ReviewAnswer } from "@/lib/core/views";
import {
  applyProposal,
  discardProposal,
  rebaseProposal,
  scheduleProposal,
  unscheduleProposal,
} from "@/lib/server/mailserver/proposals";
import { KEEP_WITHIN_RANGE, KEEP_WITHIN_S } from "@/lib/server/mailserver/trials";
import { readUntil } from "@/lib/server/read-until";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";
import { forgetStatus } from "@/lib/server/web/status";

const { min, max } = KEEP_WITHIN_RANGE;
const ticked = z.literal("on").optional().transform(Boolean);

const decisionForm = z.object({
  id: z.string().max(64),
  intent: z.enum(["apply", "schedule", "discard", "unschedule", "rebase"]).default("apply"),
  keep: ticked,
  keepWithin: z.coerce
    .number("Enter a number of seconds.")
    .int()
    .min(min, `Give yourself at least ${min} seconds.`)
    .max(max, `At most ${max} seconds.`)
    .default(KEEP_WITHIN_S),
  applyAt: z.string().trim().default(""),
  duringFreeze: ticked,
  acceptWarnings: z
    .string()
    .default("[]")
    .transform((text) => z.array(z.string()).catch([]).parse(parseJson(text))),
});

/** Apply now, apply at a time, or discard. */
export const decide = defineAction<typeof decisionForm, ReviewAnswer>({
  permission: "mailserver.change",
  schema: decisionForm,
  async run({ id, intent, keep, keepWithin, applyAt, acceptWarnings, duringFreeze }, operator) {
    const node = await nodeFor(operator);
    const actor = actorOf(operator);
    const decision = { keepWithin: keep ? keepWithin : null, acceptWarnings, duringFreeze };
    switch (intent) {
      case "apply":
        await applyProposal(node, id, actor, decision);
        break;
      case "schedule": {
        const read = readUntil(applyAt);
        if (!read.ok || read.until === null)
          return {
            problems: [{ key: "applyAt", message: read.ok ? "Enter when to apply it." : read.message }],
          };
        await scheduleProposal(node.db, id, actor, { ...decision, applyAt: new Date(read.until * 1000) });
        break;
      }
      case "discard":
        await discardProposal(node.db, id, actor);
        break;
      case "unschedule":
        await unscheduleProposal(node.db, id, actor);
        break;
      case "rebase":
        await rebaseProposal(node.db, id);
    }
    forgetStatus();
    revalidatePath("/", "layout");
    redirect(`/mailserver/review/${id}`);
  },
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
