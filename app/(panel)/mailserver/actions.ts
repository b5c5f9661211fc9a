"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ApplyView, SaveView } from "@/lib/core/views";
import { applyWanted } from "@/lib/server/mailserver/apply";
import { saveMailserver } from "@/lib/server/mailserver/save";
import { applyView, saveView } from "@/lib/server/mailserver/views";
import { openNode } from "@/lib/server/node";
import { defineAction } from "@/lib/server/web/action";
import { actorOf } from "@/lib/server/web/session";
import { forgetStatus } from "@/lib/server/web/status";

/** An unchecked box sends nothing. */
const ticked = z.literal("on").optional().transform(Boolean);

/** Saves the protocols and brings them into force. */
export const save = defineAction<z.ZodType<SaveForm>, SaveView>({
  permission: "mailserver.change",
  schema: z.object({
    baseRevision: z.coerce.number().int().positive(),
    imap: ticked,
    pop3: ticked,
    reason: z.string().trim().max(500, "Keep the reason under 500 characters.").default(""),
    authenticationOnly: ticked,
    replaceEdited: ticked,
  }),
  async run({ baseRevision, imap, pop3, reason, authenticationOnly, replaceEdited }, operator) {
    const node = await openNode();
    const result = await saveMailserver(node, {
      patch: { imap, pop3 },
      baseRevision,
      reason,
      actor: actorOf(operator),
      authenticationOnly,
      replaceEdited,
    });
    forgetStatus();
    revalidatePath("/", "layout");
    return saveView(result, { imap, pop3, reason });
  },
});

interface SaveForm {
  baseRevision: number;
  imap: boolean;
  pop3: boolean;
  reason: string;
  authenticationOnly: boolean;
  replaceEdited: boolean;
}

/** Brings the wanted revision into force: after a roll-back, a hand edit, or when Dovecot was down. */
export const apply = defineAction<z.ZodType<{ replaceEdited: boolean }>, ApplyView>({
  permission: "mailserver.change",
  schema: z.object({ replaceEdited: ticked }),
  async run({ replaceEdited }, operator) {
    const applied = await applyWanted(await openNode(), actorOf(operator), { replaceEdited });
    forgetStatus();
    revalidatePath("/", "layout");
    return applyView(applied);
  },
});
