"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { database } from "@/lib/server/database/client";
import { beginCodes, finishCodes } from "@/lib/server/operators/second-factor";
import { confirmSession, endOtherSessions } from "@/lib/server/operators/sessions";
import { defineAction } from "@/lib/server/web/action";
import { actorOf, currentSession } from "@/lib/server/web/session";
import { refuseForNow, trierOf } from "@/lib/server/web/sign-in";

const nothing = z.object({});

/** Makes a secret for the operator's app; the page then shows it. */
export const startApp = defineAction<typeof nothing, null>({
  permission: "self.change",
  schema: nothing,
  fresh: true,
  beforeSecondFactor: true,
  async run(_input, operator) {
    await beginCodes(database(), operator.id);
    revalidatePath("/", "layout");
    return null;
  },
});

const codeForm = z.object({ code: z.string().max(100) });

/** Takes the app into use with its first code. Sessions that were opened by the password alone end, but for this one. */
export const finishApp = defineAction<typeof codeForm, { codes: string[]; problem: string }>({
  permission: "self.change",
  schema: codeForm,
  secrets: () => ["code"],
  fresh: true,
  beforeSecondFactor: true,
  async run({ code }, operator) {
    const session = await currentSession();
    if (!session) redirect("/sign-in");
    const db = database();
    const actor = actorOf(operator);
    const refused = await refuseForNow(operator.email, await trierOf(operator.email, "enrol"));
    if (refused) return { codes: [], problem: refused };
    const codes = await finishCodes(db, actor, operator.id, code);
    if (!codes)
      return {
        codes: [],
        problem: "This is not the code that the app shows now. Is this device's clock right?",
      };
    await confirmSession(db, actor, session.id, "code");
    await endOtherSessions(db, actor, operator.id, session.id);
    revalidatePath("/", "layout");
    return { codes, problem: "" };
  },
});
