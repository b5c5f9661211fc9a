"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { bulkQuery } from "@/lib/core/access/bulk-query";
import { rankField, reasonField, ticketField } from "@/lib/core/access/form-schemas";
import { startBulk } from "@/lib/server/jobs/start-bulk";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, rankOf } from "@/lib/server/web/session";
import { plannedBulk } from "./planned";

const runForm = z.object({
  query: z.string().transform((text, context) => {
    const read = bulkQuery.parse(Object.fromEntries(new URLSearchParams(text)));
    if (read.ok) return read.query;
    context.addIssue({ code: "custom", message: read.problems.map(({ message }) => message).join(" ") });
    return z.NEVER;
  }),
  counted: z.coerce.number().int().nonnegative().default(0),
  reason: reasonField,
  ticket: ticketField,
  mayResume: rankField.default("administrator"),
});

/** Does what was previewed, as a job; few accounts are done when its page is shown. */
export const runMany = defineAction<typeof runForm, null>({
  permission: "accounts.change",
  schema: runForm,
  async run({ query, counted, reason, ticket, mayResume }, operator) {
    const node = await nodeFor(operator);
    const details = { rank: rankOf(operator), mayResume, reason, ticket };
    const planned = await plannedBulk(node, query, details);
    if (planned.kind !== "ready") redirect(`/accounts/bulk${bulkQuery.search(query)}`);
    const { target, act } = planned;
    const id = await startBulk(node, { target, act, reason }, { actor: actorOf(operator), counted });
    revalidatePath("/", "layout");
    redirect(`/jobs/${id}`);
  },
});
