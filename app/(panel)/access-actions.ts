"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import {
  protocolField,
  rankField,
  reasonField,
  stateField,
  subjectField,
  suspendableField,
  switchField,
  ticketField,
  untilField,
} from "@/lib/core/access/form-schemas";
import type { AccessAnswer } from "@/lib/core/access/views";
import { answerChange } from "@/lib/server/access/answer";
import { answerOffNow } from "@/lib/server/access/answer-off-now";
import { answerProof } from "@/lib/server/access/answer-proof";
import { answerResume } from "@/lib/server/access/answer-resume";
import { answerUndo } from "@/lib/server/access/answer-undo";
import { readUntil } from "@/lib/server/read-until";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, type Operator, rankOf } from "@/lib/server/web/session";

function by(operator: Operator) {
  return { actor: actorOf(operator), rank: rankOf(operator) };
}

/** After each answer, a conflict too: the page shows what is there now. */
function seenAnew<T>(answer: T): T {
  revalidatePath("/", "layout");
  return answer;
}

/** A switch in a row: one rule, at once, without an end. */
export const flip = defineAction<z.ZodType<{ set: z.infer<typeof switchField> }>, AccessAnswer>({
  permission: "accounts.change",
  schema: z.object({ set: switchField }),
  async run({ set: { subject, protocol, state, seen } }, operator) {
    return seenAnew(
      await answerChange(await nodeFor(operator), {
        ...by(operator),
        reason: "",
        edits: [{ kind: "policy", subject, protocol, state, until: null }],
        expected: [{ subject, protocol, state: seen }],
      }),
    );
  },
});

const ruleForm = z.object({
  subject: subjectField,
  protocol: protocolField,
  state: stateField,
  seen: stateField,
  until: untilField(readUntil),
  reason: reasonField,
});

/** One rule, with an end and a reason where they are given. */
export const setRule = defineAction<typeof ruleForm, AccessAnswer>({
  permission: "accounts.change",
  schema: ruleForm,
  async run({ subject, protocol, state, seen, until, reason }, operator) {
    return seenAnew(
      await answerChange(await nodeFor(operator), {
        ...by(operator),
        reason,
        edits: [{ kind: "policy", subject, protocol, state, until: state === "inherit" ? null : until }],
        expected: [{ subject, protocol, state: seen }],
      }),
    );
  },
});

const suspendForm = z.object({
  subject: subjectField,
  protocol: suspendableField,
  mayResume: rankField,
  reason: reasonField,
  ticket: ticketField,
  until: untilField(readUntil),
});

export const suspend = defineAction<typeof suspendForm, AccessAnswer>({
  permission: "accounts.change",
  schema: suspendForm,
  async run({ subject, protocol, mayResume, reason, ticket, until }, operator) {
    return seenAnew(
      await answerChange(await nodeFor(operator), {
        ...by(operator),
        reason,
        edits: [{ kind: "suspend", subject, protocol, rank: mayResume, reason, ticket, until }],
      }),
    );
  },
});

const resumeForm = z.object({ id: z.coerce.number().int().positive(), reason: reasonField });

/** Lifts one suspension; the policy below it was never touched. */
export const resume = defineAction<typeof resumeForm, AccessAnswer>({
  permission: "accounts.change",
  schema: resumeForm,
  async run({ id, reason }, operator) {
    return seenAnew(await answerResume(await nodeFor(operator), id, { ...by(operator), reason }));
  },
});

const offForm = z.object({
  subject: subjectField,
  protocol: protocolField,
  seen: stateField,
  reason: reasonField,
});

/** Denies and ends the sessions that are open. */
export const switchOffNow = defineAction<typeof offForm, AccessAnswer>({
  permission: "accounts.change",
  schema: offForm,
  async run({ subject, protocol, seen, reason }, operator) {
    const expected = [{ subject, protocol, state: seen }];
    return seenAnew(
      await answerOffNow(await nodeFor(operator), { ...by(operator), subject, protocol, reason, expected }),
    );
  },
});

const undoForm = z.object({ changeId: z.coerce.number().int().positive() });

/** Takes a change back; one of many rules goes on as a job. */
export const undo = defineAction<typeof undoForm, AccessAnswer>({
  permission: "accounts.change",
  schema: undoForm,
  async run({ changeId }, operator) {
    const answer = await answerUndo(await nodeFor(operator), changeId, { ...by(operator), reason: "" });
    if (answer.kind === "job") redirect(`/jobs/${answer.id}`);
    return seenAnew(answer);
  },
});

const askForm = z.object({ subject: subjectField });

/** Asks Dovecot now. It changes no rule, but what is known of it. */
export const ask = defineAction<typeof askForm, AccessAnswer>({
  permission: "accounts.read",
  schema: askForm,
  async run({ subject }, operator) {
    return seenAnew(await answerProof(await nodeFor(operator), subject));
  },
});
