"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { cancelJob, resumeJob } from "@/lib/server/jobs/store";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, rankOf } from "@/lib/server/web/session";

const idForm = z.object({ id: z.string().max(100) });

/** Stops it after the step that is under way; what was done by then stays. */
export const cancel = defineAction<typeof idForm, null>({
  permission: "accounts.change",
  schema: idForm,
  async run({ id }, operator) {
    await cancelJob(await nodeFor(operator), id, actorOf(operator));
    revalidatePath(`/jobs/${id}`);
    return null;
  },
});

/** Lets it go on from where it stopped. */
export const resume = defineAction<typeof idForm, null>({
  permission: "accounts.change",
  schema: idForm,
  async run({ id }, operator) {
    await resumeJob(await nodeFor(operator), id, actorOf(operator), rankOf(operator));
    revalidatePath(`/jobs/${id}`);
    return null;
  },
});
