"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { reasonField, untilField } from "@/lib/core/access/form-schemas";
import type { ReviewAnswer } from "@/lib/core/views";
import { database } from "@/lib/server/database/client";
import { addFreeze, removeFreeze } from "@/lib/server/mailserver/freeze";
import { discardProposal, unscheduleProposal } from "@/lib/server/mailserver/proposals";
import { readUntil } from "@/lib/server/read-until";
import { defineAction } from "@/lib/server/web/action";
import { actorOf } from "@/lib/server/web/session";

const PAGE = "/mailserver/timetable";

const waitingForm = z.object({ id: z.string().max(64), intent: z.enum(["unschedule", "discard"]) });

/** Takes a change out of the timetable, or gives it up. */
export const settleWaiting = defineAction<typeof waitingForm, null>({
  permission: "mailserver.change",
  schema: waitingForm,
  async run({ id, intent }, operator) {
    const settle = intent === "discard" ? discardProposal : unscheduleProposal;
    const isSettled = await settle(database(), id, actorOf(operator));
    revalidatePath(PAGE);
    // Somebody or the timetable was quicker: its own page tells what came of it.
    if (!isSettled) redirect(`/mailserver/review/${id}`);
    return null;
  },
});

const instant = untilField(readUntil);

const freezeForm = z.object({
  from: instant,
  until: instant.refine((until) => until !== null, "Enter when it ends."),
  reason: reasonField,
});

/** Sets a freeze window. */
export const freeze = defineAction<typeof freezeForm, ReviewAnswer>({
  permission: "mailserver.change",
  schema: freezeForm,
  async run({ from, until, reason }, operator) {
    const added = await addFreeze(database(), {
      startsAt: from === null ? new Date() : new Date(from * 1000),
      endsAt: new Date((until ?? 0) * 1000),
      reason,
      actor: actorOf(operator),
    });
    revalidatePath(PAGE);
    return { problems: added.ok ? [] : added.problems };
  },
});

const windowForm = z.object({ id: z.coerce.number().int() });

/** Ends or removes a freeze window. */
export const unfreeze = defineAction<typeof windowForm, null>({
  permission: "mailserver.change",
  schema: windowForm,
  async run({ id }, operator) {
    await removeFreeze(database(), id, actorOf(operator));
    revalidatePath(PAGE);
    return null;
  },
});
