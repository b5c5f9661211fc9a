"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { subjectField } from "@/lib/core/access/form-schemas";
import { noteText, noteTicket } from "@/lib/core/notes/fields";
import type { NoteAnswer } from "@/lib/core/notes/note";
import { addNote as add, type NoteResult, withdrawNote as withdraw } from "@/lib/server/notes/notes";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { authorOf } from "@/lib/server/web/session";

function answerOf(result: NoteResult, notThere: string): NoteAnswer {
  revalidatePath("/", "layout");
  if (result.kind === "done") return { problem: "" };
  return { problem: result.kind === "refused" ? result.sentence : notThere };
}

const noteForm = z.object({ subject: subjectField, text: noteText, ticket: noteTicket });

export const addNote = defineAction<typeof noteForm, NoteAnswer>({
  permission: "accounts.annotate",
  schema: noteForm,
  async run(note, operator) {
    const result = await add(await nodeFor(operator), note, authorOf(operator));
    return answerOf(result, "There is no such account or domain. Nothing was noted.");
  },
});

const withdrawForm = z.object({ id: z.coerce.number().int().positive() });

export const withdrawNote = defineAction<typeof withdrawForm, NoteAnswer>({
  permission: "accounts.annotate",
  schema: withdrawForm,
  async run({ id }, operator) {
    const result = await withdraw(await nodeFor(operator), { id }, authorOf(operator));
    return answerOf(result, "There is no such note any more.");
  },
});
