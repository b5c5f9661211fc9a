"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sessionQuery } from "@/lib/core/sessions/query";
import { endedSentence, endMatching } from "@/lib/server/sessions/end";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, type Operator } from "@/lib/server/web/session";

async function end(
  operator: Operator,
  which: Parameters<typeof endMatching>[2],
): Promise<{ sentence: string }> {
  const ended = await endMatching(await nodeFor(operator), actorOf(operator), which);
  revalidatePath("/sessions");
  if (ended === undefined) return { sentence: "Dovecot can't be asked who is connected: nothing was ended." };
  return { sentence: endedSentence(ended) };
}

const oneForm = z.object({
  /** As the button has it: `4711 anna@site.example`. */
  one: z
    .string()
    .max(1000)
    .transform((text, context) => {
      const [, pid, username] = /^([1-9]\d{0,9}) (.*)$/s.exec(text) ?? [];
      if (pid !== undefined && username !== undefined) return { pid: Number(pid), username };
      context.addIssue({ code: "custom", message: "Which session is not said. Open the page again." });
      return z.NEVER;
    }),
});

/** Ends one session. */
export const endOne = defineAction<typeof oneForm, { sentence: string }>({
  permission: "sessions.end",
  schema: oneForm,
  run: ({ one }, operator) => end(operator, one),
});

const allForm = z.object({
  query: z.string().max(8000),
  sure: z.literal("on", "Tick that they are to be ended."),
});

/** Ends everything that the list shows, and what came since that is like it. */
export const endAll = defineAction<typeof allForm, { sentence: string }>({
  permission: "sessions.end",
  schema: allForm,
  async run({ query }, operator) {
    const read = sessionQuery.parse(Object.fromEntries(new URLSearchParams(query)));
    if (!read.ok) return { sentence: "Nothing was ended, because a filter can't be used." };
    return await end(operator, read.query);
  },
});
