"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { optionGroupKeys } from "@/lib/core/panel/groups";
import type { OptionAnswer } from "@/lib/core/views";
import { database } from "@/lib/server/database/client";
import { saveOptionForm, secretOptions } from "@/lib/server/panel-views";
import { defineAction } from "@/lib/server/web/action";
import { actorOf } from "@/lib/server/web/session";

const form = z.looseObject({
  group: z.enum(optionGroupKeys),
  version: z.coerce.number().int().min(0),
});

/** Saves one group of the panel's own settings. */
export const saveOptions = defineAction<typeof form, OptionAnswer>({
  permission: "panel.change",
  schema: form,
  // Who needs a second factor is not to be changed at a browser that was left open.
  fresh: ({ group }) => group === "operators",
  secrets: ({ group }) => secretOptions(String(group)),
  async run({ group, version, ...fields }, operator) {
    const answer = await saveOptionForm(database(), actorOf(operator), group, version, fields);
    revalidatePath(`/settings/${group}`);
    return answer;
  },
});
