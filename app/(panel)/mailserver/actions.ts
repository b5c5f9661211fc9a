"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ApplyView, SaveView } from "@/lib/core/views";
import { applyWanted } from "@/lib/server/mailserver/apply";
import { changedFields, typedSettings, withDefault } from "@/lib/server/mailserver/form";
import { proposeMailserver } from "@/lib/server/mailserver/proposals";
import { applyView, nothingView, saveView } from "@/lib/server/mailserver/views";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";
import { forgetStatus } from "@/lib/server/web/status";

/** An unchecked box sends nothing. */
const ticked = z.literal("on").optional().transform(Boolean);

/** The sentences that stood beside a tick. */
const sentences = z
  .string()
  .default("[]")
  .transform((text) => z.array(z.string()).catch([]).parse(parseJson(text)));

/** The settings are fields of their own, by their keys; who reads them also says what is wrong with them. */
const saveForm = z
  .object({
    baseRevision: z.coerce.number().int().positive(),
    reason: z.string().trim().max(500, "Keep the reason under 500 characters.").default(""),
    authenticationOnly: ticked,
    replaceEdited: ticked,
    acceptWarnings: sentences,
    useDefault: z.string().optional(),
  })
  .catchall(z.unknown());

/** Keeps a change for a look at it before it is applied; or only puts a default into the form. */
export const save = defineAction<typeof saveForm, SaveView>({
  permission: "mailserver.change",
  schema: saveForm,
  async run(
    { baseRevision, reason, authenticationOnly, replaceEdited, acceptWarnings, useDefault, ...fields },
    operator,
  ) {
    const typed = { ...typedSettings(fields), reason };
    if (useDefault !== undefined) return { kind: "filled", typed: withDefault(typed, useDefault) };
    const node = await nodeFor(operator);
    const proposed = await proposeMailserver(node, {
      patch: await changedFields(node.db, baseRevision, typed),
      baseRevision,
      reason,
      actor: actorOf(operator),
      authenticationOnly,
      replaceEdited,
      acceptWarnings,
    });
    if (proposed.kind === "proposed") redirect(`/mailserver/review/${proposed.id}`);
    return proposed.kind === "nothing" ? nothingView(proposed.revision) : saveView(proposed, typed);
  },
});

/** Brings the wanted revision into force: after a roll-back, a hand edit, or when Dovecot was down. */
export const apply = defineAction<z.ZodType<{ replaceEdited: boolean }>, ApplyView>({
  permission: "mailserver.change",
  schema: z.object({ replaceEdited: ticked }),
  async run({ replaceEdited }, operator) {
    const applied = await applyWanted(await nodeFor(operator), actorOf(operator), { replaceEdited });
    forgetStatus();
    revalidatePath("/", "layout");
    return applyView(applied);
  },
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
