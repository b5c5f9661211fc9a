"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { NewLinkView } from "@/lib/core/operators/views";
import { database } from "@/lib/server/database/client";
import { inviteByPage } from "@/lib/server/operators/invite-form";
import { withdrawInvitation } from "@/lib/server/operators/links";
import { roleField } from "@/lib/server/operators/role-field";
import { typedScope } from "@/lib/server/operators/scope";
import { defineAction } from "@/lib/server/web/action";
import { actorOf } from "@/lib/server/web/session";

const invitation = z.object({
  email: z.string().trim().toLowerCase().pipe(z.email("This is not an e-mail address.")),
  role: roleField,
  scope: typedScope,
  days: z.enum(["1", "3", "7", "14"], "Choose how long it is good.").transform(Number),
  mail: z.literal("on").optional(),
});

/** Makes an invitation. Its link is shown to whoever made it, once. */
export const inviteOperator = defineAction<typeof invitation, NewLinkView>({
  permission: "operators.change",
  schema: invitation,
  fresh: true,
  async run({ mail, ...facts }, operator) {
    const view = await inviteByPage(actorOf(operator), facts, mail === "on");
    revalidatePath("/operators");
    return view;
  },
});

const one = z.object({ id: z.string().max(100) });

export const withdraw = defineAction<typeof one, null>({
  permission: "operators.change",
  schema: one,
  fresh: true,
  async run({ id }, operator) {
    await withdrawInvitation(database(), actorOf(operator), id);
    revalidatePath("/operators");
    return null;
  },
});
