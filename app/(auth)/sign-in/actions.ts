"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { auth } from "@/lib/server/web/auth";
import { auditTry, refuseForNow, signedIn, trierOf } from "@/lib/server/web/sign-in";
import { safePath } from "./safe-path";

export interface SignInState {
  email: string;
  problem: string;
}

const schema = z.object({
  email: z.string().trim().toLowerCase().max(320),
  password: z.string().max(1000),
  next: z.string().max(2000).optional(),
});

/** Open to everybody: it is the way in. One answer for a wrong address and a wrong password. */
export async function signIn(_before: SignInState, form: FormData): Promise<SignInState> {
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { email: "", problem: WRONG };
  const { email, password, next } = parsed.data;
  const trier = await trierOf(email, "sign-in");
  const refused = await refuseForNow(email, trier);
  if (refused) return { email, problem: refused };
  const opened = await openSession(email, password);
  if (typeof opened === "string") {
    await auditTry(email, "refused", [
      opened === WRONG ? "The e-mail address or the password was wrong." : opened,
    ]);
    return { email, problem: opened };
  }
  const to = encodeURIComponent(safePath(next));
  // The tries stay counted until the second factor was given as well.
  if (opened === null) redirect(`/sign-in/second-factor?next=${to}`);
  await signedIn(opened.token, { userId: opened.userId, email, proof: "password" }, trier);
  redirect(safePath(next));
}

/** The session; null where a second factor is asked for first; a sentence where there is none. */
async function openSession(
  email: string,
  password: string,
): Promise<{ token: string; userId: string } | string | null> {
  try {
    const answer = await auth().api.signInEmail({ body: { email, password }, headers: await headers() });
    return answer.token ? { token: answer.token, userId: answer.user.id } : null;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return error.body?.code === "BANNED_USER" ? "An administrator has disabled this operator." : WRONG;
  }
}

const WRONG = "E-mail address or password is wrong.";
