"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { NewPasswordState } from "@/lib/core/operators/views";
import { database } from "@/lib/server/database/client";
import { acceptInvitation } from "@/lib/server/operators/accept";
import { newPassword } from "@/lib/server/operators/passwords";
import { auth } from "@/lib/server/web/auth";
import { clientPlace } from "@/lib/server/web/client-place";
import { signedIn } from "@/lib/server/web/sign-in";
import { takeTry } from "@/lib/server/web/sign-in-limit";

const schema = z.object({
  token: z.string().max(200),
  name: z
    .string()
    .trim()
    .min(1, "Enter the name that others will see in the history.")
    .max(100, "Keep it under 100 characters."),
  password: newPassword,
});

/** Open to whoever has the link: makes the invited one an operator, once, and signs in. */
export async function accept(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const fields = Object.fromEntries(form);
  const name = typeof fields.name === "string" ? fields.name : "";
  const parsed = schema.safeParse(fields);
  if (!parsed.success)
    return {
      name,
      problems: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message])),
    };
  if ((await takeTry({ what: "invite", place: await clientPlace() })).wait > 0)
    return { name, problems: { token: "Too many tries. Wait a minute, then try again." } };
  const { token, password } = parsed.data;
  const email = await acceptInvitation(database(), token, { name: parsed.data.name, password });
  if (!email)
    return { name, problems: { token: "This invitation can’t be used: it ended, or was used already." } };
  const opened = await auth().api.signInEmail({ body: { email, password }, headers: await headers() });
  if (opened.token) await signedIn(opened.token, { userId: opened.user.id, email, proof: "password" });
  redirect("/");
}
