"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import type { ReviewAnswer } from "@/lib/core/views";
import { proposeUndo } from "@/lib/server/mailserver/propose-undo";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";

const undoForm = z.object({
  number: z.coerce.number().int().positive(),
  conflicts: z.enum(["leave", "overwrite"]).default("leave"),
});

/** Leads to the review of what takes a revision back. */
export const undo = defineAction<typeof undoForm, ReviewAnswer>({
  permission: "mailserver.change",
  schema: undoForm,
  async run({ number, conflicts }, operator) {
    const proposed = await proposeUndo(await nodeFor(operator), {
      number,
      conflicts,
      actor: actorOf(operator),
    });
    if (proposed.kind === "proposed") redirect(`/mailserver/review/${proposed.id}`);
    return { problems: proposed.problems.map((message) => ({ key: "", message })) };
  },
});
