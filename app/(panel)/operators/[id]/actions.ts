"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { NewLinkView } from "@/lib/core/operators/views";
import type { ReviewAnswer } from "@/lib/core/views";
import { database } from "@/lib/server/database/client";
import {
  type ChangeResult,
  changeRole,
  disable,
  enable,
  endSessionsOf,
  remove,
  removeSecondFactor,
} from "@/lib/server/operators/change";
import { resetByPage, unknownDomains } from "@/lib/server/operators/invite-form";
import { roleField } from "@/lib/server/operators/role-field";
import { typedScope } from "@/lib/server/operators/scope";
import { defineAction } from "@/lib/server/web/action";
import { actorOf } from "@/lib/server/web/session";

const id = z.string().max(100);
const role = z.object({ id, role: roleField, scope: typedScope, was: z.string().max(200_000) });

/** What a form of an operator's page gets back: what was done, or what speaks against it. */
interface OperatorAnswer extends ReviewAnswer {
  sentences: string[];
}

export const setRole = defineAction<typeof role, OperatorAnswer>({
  permission: "operators.change",
  schema: role,
  fresh: true,
  async run({ id: of, ...wanted }, operator) {
    const answer = answerOf(await changeRole(database(), actorOf(operator), of, wanted));
    revalidatePath("/operators", "layout");
    const notes = answer.problems.length > 0 ? [] : await unknownDomains(database(), wanted.scope ?? []);
    return { ...answer, sentences: [...answer.sentences, ...notes] };
  },
});

const ACTS = {
  disable,
  enable,
  remove,
  "end-sessions": endSessionsOf,
  "remove-second-factor": removeSecondFactor,
} as const;
const act = z.object({
  id,
  act: z.enum(["disable", "enable", "remove", "end-sessions", "remove-second-factor"]),
});

export const actOnOperator = defineAction<typeof act, OperatorAnswer>({
  permission: "operators.change",
  schema: act,
  fresh: true,
  async run({ id: of, act: which }, operator) {
    const answer = answerOf(await ACTS[which](database(), actorOf(operator), of));
    revalidatePath("/operators", "layout");
    return answer;
  },
});

const one = z.object({ id });

export const makeLink = defineAction<typeof one, NewLinkView>({
  permission: "operators.change",
  schema: one,
  fresh: true,
  run: async ({ id: of }, operator) => await resetByPage(actorOf(operator), of),
});

function answerOf(result: ChangeResult): OperatorAnswer {
  if (!result.ok) return { sentences: [], problems: [{ key: "", message: result.message }] };
  return { sentences: result.sentences.length > 0 ? result.sentences : ["Nothing to change."], problems: [] };
}
