"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { NewTokenView } from "@/lib/core/views";
import { LONGEST_TOKEN_NAME, revokeToken, TOKEN_DAYS } from "@/lib/server/api/tokens";
import { database } from "@/lib/server/database/client";
import { typedScope } from "@/lib/server/operators/scope";
import { defineAction } from "@/lib/server/web/action";
import { makeOwnToken } from "@/lib/server/web/own-tokens";
import { actorOf } from "@/lib/server/web/session";

const makeForm = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Say what it is for.")
    .max(LONGEST_TOKEN_NAME, `Keep the name under ${LONGEST_TOKEN_NAME} characters.`),
  role: z.enum(["administrator", "operator", "reviewer"]),
  domains: typedScope,
  writes: z.literal("on").optional(),
  days: z.coerce
    .number(`Enter from ${TOKEN_DAYS.min} to ${TOKEN_DAYS.max} days.`)
    .int("Enter whole days.")
    .min(TOKEN_DAYS.min, `Enter from ${TOKEN_DAYS.min} to ${TOKEN_DAYS.max} days.`)
    .max(TOKEN_DAYS.max, `Enter from ${TOKEN_DAYS.min} to ${TOKEN_DAYS.max} days.`),
  password: z.string().max(1000),
});

/** Makes a token of the operator's own; the page shows it this once. */
export const makeToken = defineAction<typeof makeForm, NewTokenView>({
  permission: "self.change",
  fresh: true,
  schema: makeForm,
  secrets: () => ["password"],
  async run({ writes, ...form }, operator) {
    const made = await makeOwnToken(operator, { ...form, writes: writes === "on" });
    revalidatePath("/me/tokens");
    return made;
  },
});

const revokeForm = z.object({ id: z.string().max(100) });

/** Only one of his own. */
export const revoke = defineAction<typeof revokeForm, null>({
  permission: "self.change",
  schema: revokeForm,
  async run({ id }, operator) {
    await revokeToken(database(), { id, ownerId: operator.id }, actorOf(operator));
    revalidatePath("/me/tokens");
    return null;
  },
});
