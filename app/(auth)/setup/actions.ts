"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { auditRead } from "@/lib/server/audit/read";
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { createAdministrator, hasOperators } from "@/lib/server/operators/operators";
import { newPassword } from "@/lib/server/operators/passwords";
import { useSetupToken } from "@/lib/server/operators/setup-token";
import { auth } from "@/lib/server/web/auth";
import { clientAddress } from "@/lib/server/web/client-address";
import { clientPlace } from "@/lib/server/web/client-place";
import { signedIn } from "@/lib/server/web/sign-in";
import { takeTry } from "@/lib/server/web/sign-in-limit";

export interface SetupState {
  email: string;
  name: string;
  problems: Partial<Record<"email" | "name" | "password" | "token", string>>;
}

const schema = z.object({
  token: z.string().trim().max(200),
  email: z.string().trim().toLowerCase().pipe(z.email("This is not an e-mail address.")),
  name: z
    .string()
    .trim()
    .min(1, "Enter the name that others will see in the history.")
    .max(100, "Keep it under 100 characters."),
  password: newPassword,
});

/** A form can carry files where text is meant. */
function textOf(value: FormDataEntryValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Open to whoever has the one-time token: makes the first administrator and signs in. */
export async function setUp(_before: SetupState, form: FormData): Promise<SetupState> {
  const typed = Object.fromEntries(form);
  const kept = { email: textOf(typed.email), name: textOf(typed.name) };
  const parsed = schema.safeParse(typed);
  if (!parsed.success) {
    return {
      ...kept,
      problems: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message])),
    };
  }
  const { token, email, name, password } = parsed.data;
  if ((await takeTry({ what: "set-up", place: await clientPlace() })).wait > 0)
    return { ...kept, problems: { token: "Too many tries. Wait a minute, then try again." } };
  const db = database();
  if (await hasOperators(db)) redirect("/sign-in");
  const made = await useSetupToken(currentHome(), token, async () => {
    await createAdministrator(
      db,
      { email, name, password },
      { name: email, origin: "page", from: clientAddress(await headers()) },
    );
  });
  if (!made) {
    const problem = "This is not the token that npm start printed, or it was used already.";
    await auditRead(db, {
      actor: { name: email, origin: "page", from: clientAddress(await headers()) },
      action: "operator.create",
      outcome: "refused",
      subject: "set-up",
      sentence: problem,
    });
    return { ...kept, problems: { token: problem } };
  }
  const opened = await auth().api.signInEmail({ body: { email, password }, headers: await headers() });
  if (opened.token) await signedIn(opened.token, { userId: opened.user.id, email, proof: "password" });
  redirect("/");
}
