"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ReviewAnswer } from "@/lib/core/views";
import { revertTrial } from "@/lib/server/mailserver/revert";
import { keepRevision } from "@/lib/server/mailserver/trials";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";
import { forgetStatus } from "@/lib/server/web/status";

const trialForm = z.object({
  revision: z.coerce.number().int().positive(),
  intent: z.enum(["keep", "revert"]),
});

/** Mail works, so it stays; or it goes back now. */
export const decideTrial = defineAction<typeof trialForm, ReviewAnswer>({
  permission: "mailserver.change",
  schema: trialForm,
  async run({ revision, intent }, operator) {
    const node = await nodeFor(operator);
    const problems: string[] = [];
    if (intent === "keep" && !(await keepRevision(node, revision, actorOf(operator))))
      problems.push(`It was too late: revision ${revision} goes back already.`);
    const trouble = intent === "revert" ? await revertTrial(node, revision, actorOf(operator)) : undefined;
    if (trouble) problems.push(`Revision ${revision} could not be taken back: ${trouble}`);
    forgetStatus();
    revalidatePath("/", "layout");
    return { problems: problems.map((message) => ({ key: "", message })) };
  },
});
