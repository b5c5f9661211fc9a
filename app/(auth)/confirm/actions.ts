"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { database } from "@/lib/server/database/client";
import { isPasswordOf } from "@/lib/server/operators/passwords";
import { checkSecondFactor, waysToProve } from "@/lib/server/operators/second-factor";
import { confirmSession } from "@/lib/server/operators/sessions";
import { actorOf, currentSession } from "@/lib/server/web/session";
import { auditTry, refuseForNow, trierOf } from "@/lib/server/web/sign-in";
import { forgetTries } from "@/lib/server/web/sign-in-limit";
import { safePath } from "../sign-in/safe-path";

export interface ConfirmState {
  problem: string;
}

const schema = z.object({ proof: z.string().max(1000), next: z.string().max(2000).optional() });

/** Takes the second factor of whoever has one: the password alone was asked for already. */
export async function confirm(_before: ConfirmState, form: FormData): Promise<ConfirmState> {
  const session = await currentSession();
  if (!session || session.lacks === "prove") redirect("/sign-in");
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { problem: "This is wrong." };
  const { id, email } = session.operator;
  const trier = await trierOf(email, "confirm");
  const refused = await refuseForNow(email, trier);
  if (refused) return { problem: refused };
  const db = database();
  const { hasCodes, passkeys } = await waysToProve(db, id);
  const proof = hasCodes
    ? await checkSecondFactor(db, id, parsed.data.proof)
    : passkeys === 0 && (await isPasswordOf(db, id, parsed.data.proof))
      ? "password"
      : undefined;
  if (!proof) {
    await auditTry(email, "refused", ["Wrong at confirming"]);
    return { problem: hasCodes ? "This code is wrong, or it was used already." : "This password is wrong." };
  }
  await confirmSession(db, actorOf(session.operator), session.id, proof);
  await forgetTries(trier);
  redirect(safePath(parsed.data.next));
}
