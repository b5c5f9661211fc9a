"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { keepPasskey, ownerOfPasskey, passkeyToMake, passkeyToUse } from "@/lib/server/operators/passkeys";
import { confirmSession, endOtherSessions } from "@/lib/server/operators/sessions";
import { auth } from "@/lib/server/web/auth";
import { isFresh } from "@/lib/server/web/fresh";
import { passkeySite } from "@/lib/server/web/passkey-site";
import { actorOf, currentSession } from "@/lib/server/web/session";
import { auditTry, signedIn } from "@/lib/server/web/sign-in";
import { safePath } from "./sign-in/safe-path";

const LONGEST = 20_000;
const text = z.string().max(LONGEST);
const extensions = z.record(z.string(), z.unknown()).default({});
const credential = {
  id: text,
  rawId: text,
  type: z.literal("public-key"),
  clientExtensionResults: extensions,
};
const proofSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional(),
  }),
});
const madeSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(text).max(20).optional(),
  }),
});
const nameSchema = z.string().trim().min(1).max(60);

const REFUSED =
  "The passkey was not accepted. Is it one of this panel, and of an operator who is not disabled?";
const NOT_HERE = "Passkeys can't be used under the address by which the panel is open.";
const SIGN_IN = "sign in";

/** Open to everybody: what a passkey has to sign for signing in, or of whoever is signed in for confirming it. */
export async function askPasskey(): Promise<object | string> {
  const site = await passkeySite();
  if (!site) return NOT_HERE;
  const session = await currentSession();
  return await passkeyToUse(currentHome(), site, session ? `confirm ${session.id}` : SIGN_IN);
}

/** Open to everybody: it is a way in. Whatever was guessed at the passwords doesn't slow it. */
export async function signInByPasskey(answer: unknown, next: unknown): Promise<string> {
  const site = await passkeySite();
  if (!site) return NOT_HERE;
  const parsed = proofSchema.safeParse(answer);
  const owner = parsed.success
    ? await ownerOfPasskey(database(), currentHome(), site, SIGN_IN, parsed.data)
    : undefined;
  if (!owner) return REFUSED;
  try {
    const { token } = await auth().api.signInProven({
      body: { userId: owner.userId },
      headers: await headers(),
    });
    await signedIn(token, { ...owner, proof: "passkey" });
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    await auditTry(owner.email, "refused", ["With a passkey, and disabled"]);
    return REFUSED;
  }
  redirect(safePath(next));
}

/** For somebody who is signed in: proves once more that it is him. */
export async function confirmByPasskey(answer: unknown, next: unknown): Promise<string> {
  const [site, session] = [await passkeySite(), await currentSession()];
  if (!session) redirect("/sign-in");
  if (!site) return NOT_HERE;
  const parsed = proofSchema.safeParse(answer);
  const owner = parsed.success
    ? await ownerOfPasskey(database(), currentHome(), site, `confirm ${session.id}`, parsed.data)
    : undefined;
  if (owner?.userId !== session.operator.id) return REFUSED;
  await confirmSession(database(), actorOf(session.operator), session.id, "passkey");
  redirect(safePath(next));
}

/** What the browser is asked to make. */
export async function askNewPasskey(): Promise<object | string> {
  const [site, session] = [await passkeySite(), await currentSession()];
  if (!session || session.lacks === "prove") redirect("/sign-in");
  if (!site) return NOT_HERE;
  if (!(await isFresh(session.operator))) return "Confirm first that it is you: load this page again.";
  const { id, email, name } = session.operator;
  const options = await passkeyToMake(database(), currentHome(), site, { id, email, name });
  return options ?? "You have as many passkeys as can be kept. Remove one first.";
}

/** Keeps what the browser made, under a name. */
export async function addPasskey(answer: unknown, name: unknown): Promise<string> {
  const [site, session] = [await passkeySite(), await currentSession()];
  if (!session || session.lacks === "prove") redirect("/sign-in");
  if (!site) return NOT_HERE;
  if (!(await isFresh(session.operator))) return "Confirm first that it is you: load this page again.";
  const [parsed, named] = [madeSchema.safeParse(answer), nameSchema.safeParse(name)];
  if (!named.success) return "Enter a name for the passkey, up to 60 characters.";
  const db = database();
  const actor = actorOf(session.operator);
  const kept =
    parsed.success &&
    (await keepPasskey(db, currentHome(), site, {
      actor,
      userId: session.operator.id,
      name: named.data,
      response: parsed.data,
    }));
  if (!kept) return "The passkey can't be trusted as it came. Nothing was kept.";
  await confirmSession(db, actor, session.id, "passkey");
  if (session.lacks === "enrol") await endOtherSessions(db, actor, session.operator.id, session.id);
  return "";
}
