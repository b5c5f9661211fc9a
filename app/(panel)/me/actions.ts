"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ReviewAnswer } from "@/lib/core/views";
import { database } from "@/lib/server/database/client";
import { changeOwnName, changeOwnPassword } from "@/lib/server/operators/own";
import { removePasskey } from "@/lib/server/operators/passkeys";
import { newPassword } from "@/lib/server/operators/passwords";
import { removeCodes, renewRecoveryCodes, waysToProve } from "@/lib/server/operators/second-factor";
import { endOtherSessions, endOwnSession } from "@/lib/server/operators/sessions";
import { defineAction } from "@/lib/server/web/action";
import { actorOf, currentSession, isSecondFactorNeeded } from "@/lib/server/web/session";
import { refuseForNow, trierOf } from "@/lib/server/web/sign-in";
import { forgetTries } from "@/lib/server/web/sign-in-limit";

interface OwnAnswer extends ReviewAnswer {
  sentences: string[];
}

const refusal = (key: string, message: string): OwnAnswer => ({
  sentences: [],
  problems: [{ key, message }],
});
const done = (sentence: string): OwnAnswer => ({ sentences: [sentence], problems: [] });

const nameForm = z.object({
  name: z.string().trim().min(1, "Enter a name.").max(100, "Keep it under 100 characters."),
});

export const setName = defineAction<typeof nameForm, OwnAnswer>({
  permission: "self.change",
  schema: nameForm,
  async run({ name }, operator) {
    await changeOwnName(database(), actorOf(operator), operator.id, name);
    revalidatePath("/me");
    return done("Saved.");
  },
});

const passwordForm = z.object({ current: z.string().max(1000), password: newPassword });

/** Ends the other sessions: whoever changes a password may fear that somebody else has it. */
export const setPassword = defineAction<typeof passwordForm, OwnAnswer>({
  permission: "self.change",
  schema: passwordForm,
  secrets: () => ["current", "password"],
  fresh: true,
  async run({ current, password }, operator) {
    const session = await currentSession();
    const trier = await trierOf(operator.email, "password");
    const refused = await refuseForNow(operator.email, trier);
    if (refused) return refusal("current", refused);
    const actor = actorOf(operator);
    const kept = { userId: operator.id, session: session?.id ?? "" };
    if (!(await changeOwnPassword(database(), actor, kept, { current, password })))
      return refusal("current", "This is not your present password.");
    await forgetTries(trier);
    revalidatePath("/me");
    return done("The password was changed. Your other sessions ended.");
  },
});

const sessionForm = z.object({ id: z.string().max(100) });

/** Ends one of one's own sessions, or all but this one. */
export const endSession = defineAction<typeof sessionForm, null>({
  permission: "self.change",
  schema: sessionForm,
  async run({ id }, operator) {
    const session = await currentSession();
    const [db, actor] = [database(), actorOf(operator)];
    if (id === "others") await endOtherSessions(db, actor, operator.id, session?.id ?? "");
    else await endOwnSession(db, actor, operator.id, id);
    revalidatePath("/me");
    return null;
  },
});

const nothing = z.object({});

export const newRecoveryCodes = defineAction<typeof nothing, { codes: string[] }>({
  permission: "self.change",
  schema: nothing,
  fresh: true,
  async run(_input, operator) {
    const codes = await renewRecoveryCodes(database(), actorOf(operator), operator.id);
    return { codes: codes ?? [] };
  },
});

const NEEDED = "Your role needs a second factor, and this is your last one. Set up another first.";

export const removeApp = defineAction<typeof nothing, OwnAnswer>({
  permission: "self.change",
  schema: nothing,
  fresh: true,
  async run(_input, operator) {
    const { passkeys } = await waysToProve(database(), operator.id);
    if (passkeys === 0 && (await isSecondFactorNeeded(operator))) return refusal("", NEEDED);
    await removeCodes(database(), actorOf(operator), operator.id);
    revalidatePath("/me", "layout");
    return done("The app is not asked for any more.");
  },
});

const passkeyForm = z.object({ id: z.string().max(2000) });

export const removeOwnPasskey = defineAction<typeof passkeyForm, OwnAnswer>({
  permission: "self.change",
  schema: passkeyForm,
  fresh: true,
  async run({ id }, operator) {
    const { hasCodes, passkeys } = await waysToProve(database(), operator.id);
    if (!hasCodes && passkeys === 1 && (await isSecondFactorNeeded(operator))) return refusal("", NEEDED);
    await removePasskey(database(), actorOf(operator), operator.id, id);
    revalidatePath("/me");
    return done("The passkey was removed.");
  },
});
