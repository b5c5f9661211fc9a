"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { database } from "@/lib/server/database/client";
import { checkSecondFactor } from "@/lib/server/operators/second-factor";
import { confirmSession } from "@/lib/server/operators/sessions";
import { auth } from "@/lib/server/web/auth";
import { actorOf, currentSession } from "@/lib/server/web/session";
import { auditTry, type Proof, refuseForNow, signedIn, trierOf } from "@/lib/server/web/sign-in";
import { forgetTries, type Trier } from "@/lib/server/web/sign-in-limit";
import { safePath } from "../safe-path";

export interface CodeState {
  problem: string;
}

const schema = z.object({ code: z.string().max(100), next: z.string().max(2000).optional() });

/** Open to whoever gave the password a moment ago, and to a session that has no second factor yet. */
export async function giveCode(_before: CodeState, form: FormData): Promise<CodeState> {
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { problem: WRONG };
  const { code, next } = parsed.data;
  const session = await currentSession();
  const who = session
    ? { userId: session.operator.id, email: session.operator.email }
    : await auth().api.pendingSignIn({ headers: await headers() });
  if (!who) redirect("/sign-in");
  const trier = await trierOf(who.email, "second-factor");
  const refused = await refuseForNow(who.email, trier);
  if (refused) return { problem: refused };
  const proof = await checkSecondFactor(database(), who.userId, code);
  if (!proof) {
    await auditTry(who.email, "refused", ["Wrong code"]);
    return { problem: WRONG };
  }
  if (session) {
    await confirmSession(database(), actorOf(session.operator), session.id, proof);
    await forgetTries(trier);
  } else if (!(await openSession(who, proof, trier))) redirect("/sign-in");
  redirect(safePath(next));
}

async function openSession(
  who: { userId: string; email: string },
  proof: Proof,
  trier: Trier,
): Promise<boolean> {
  try {
    const { token } = await auth().api.signInProven({
      body: { userId: who.userId },
      headers: await headers(),
    });
    await signedIn(token, { ...who, proof }, trier);
    return true;
  } catch (error) {
    // Disabled since the password was given.
    if (error instanceof APIError) return false;
    throw error;
  }
}

const WRONG = "This code is wrong, or it was used already.";
