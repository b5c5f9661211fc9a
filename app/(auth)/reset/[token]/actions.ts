"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import type { NewPasswordState } from "@/lib/core/operators/views";
import { database } from "@/lib/server/database/client";
import { resetByLink } from "@/lib/server/operators/accept";
import { newPassword } from "@/lib/server/operators/passwords";
import { clientPlace } from "@/lib/server/web/client-place";
import { takeTry } from "@/lib/server/web/sign-in-limit";

const schema = z.object({ token: z.string().max(200), password: newPassword });

/** Open to whoever has the link: sets the new password, once. Signing in with it still takes the second factor. */
export async function reset(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (!parsed.success)
    return {
      name: "",
      problems: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message])),
    };
  if ((await takeTry({ what: "reset", place: await clientPlace() })).wait > 0)
    return { name: "", problems: { token: "Too many tries. Wait a minute, then try again." } };
  const email = await resetByLink(database(), parsed.data.token, parsed.data.password);
  if (!email)
    return { name: "", problems: { token: "This link can’t be used: it ended, or was used already." } };
  redirect("/sign-in");
}
