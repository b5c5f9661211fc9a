"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { AlertTestView } from "@/lib/core/views";
import { sendTest } from "@/lib/server/alerts/test";
import { testView } from "@/lib/server/alerts/views";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";

const form = z.object({ channel: z.enum(["webhook", "email"]) });

/** Sends a test by one channel, and waits for what comes of it: ten seconds at most. */
export const testChannel = defineAction<typeof form, AlertTestView>({
  permission: "alerts.change",
  schema: form,
  async run({ channel }, operator) {
    const result = await sendTest(await nodeFor(operator), channel, actorOf(operator));
    revalidatePath("/alerts");
    return testView(result);
  },
});
