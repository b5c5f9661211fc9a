"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { audit } from "@/lib/server/audit";
import { auditRead } from "@/lib/server/audit/read";
import { database } from "@/lib/server/database/client";
import { auth } from "@/lib/server/web/auth";
import { clientAddress } from "@/lib/server/web/client-address";
import { forgetSignInTries, takeSignInTry } from "@/lib/server/web/sign-in-limit";
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
  const actor = { name: email, origin: "page", from: clientAddress(await headers()) } as const;
  const pause = await takeSignInTry(email);
  if (pause > 0) {
    // Once an hour: whoever guesses is not to fill the audit.
    const sentence = "Too many tries within a minute: no password was looked at.";
    await auditRead(database(), {
      actor,
      action: "session.sign-in",
      outcome: "refused",
      subject: "pause",
      sentence,
    });
    return { email, problem: `Too many tries. Wait ${pause} seconds, then try again.` };
  }
  try {
    await auth().api.signInEmail({ body: { email, password }, headers: await headers() });
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    await audit(database(), {
      actor,
      action: "session.sign-in",
      outcome: "refused",
      sentences: ["The e-mail address or the password was wrong."],
    });
    return { email, problem: WRONG };
  }
  await forgetSignInTries(email);
  await audit(database(), {
    actor,
    action: "session.sign-in",
    outcome: "done",
    sentences: [],
  });
  redirect(safePath(next));
}

const WRONG = "E-mail address or password is wrong.";
