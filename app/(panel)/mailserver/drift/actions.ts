"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ReviewAnswer } from "@/lib/core/views";
import { lookForDrift } from "@/lib/server/drift/look";
import { adoption, leaveDrift } from "@/lib/server/drift/settle";
import { applyWanted } from "@/lib/server/mailserver/apply";
import { proposeMailserver } from "@/lib/server/mailserver/proposals";
import { applyView } from "@/lib/server/mailserver/views";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";
import { forgetStatus } from "@/lib/server/web/status";

const settleForm = z.object({
  key: z.string().max(500),
  intent: z.enum(["restore", "adopt", "leave", "look"]),
});

/** Restore, adopt or leave what was found; or look again now. */
export const settle = defineAction<typeof settleForm, ReviewAnswer>({
  permission: "mailserver.change",
  schema: settleForm,
  async run({ key, intent }, operator) {
    const node = await nodeFor(operator);
    const actor = actorOf(operator);
    const problems: string[] = [];
    if (intent === "leave") await leaveDrift(node.db, key, actor);
    if (intent === "restore") {
      const { tone, inForce, details } = applyView(await applyWanted(node, actor, { replaceEdited: true }));
      if (tone === "bad") problems.push([inForce, ...details].join(" "));
    }
    if (intent === "adopt") {
      const proposed = await proposeMailserver(node, {
        ...(await adoption(node, actor)),
        authenticationOnly: true,
        acceptWarnings: true,
      });
      if (proposed.kind === "proposed") redirect(`/mailserver/review/${proposed.id}`);
      problems.push(
        "problems" in proposed
          ? proposed.problems.map(({ message }) => message).join(" ")
          : "Nothing of the edit is a setting of Portcullis.",
      );
    }
    if (intent === "restore" || intent === "look") await lookForDrift(node);
    forgetStatus();
    revalidatePath("/", "layout");
    return { problems: problems.map((message) => ({ key: "", message })) };
  },
});
