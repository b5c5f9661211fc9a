"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { reasonField } from "@/lib/core/access/form-schemas";
import type { ImportView } from "@/lib/core/access/views";
import { checkUpload } from "@/lib/server/accounts/import/check-upload";
import { runImport } from "@/lib/server/accounts/import/start";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";

const fileForm = z.object({
  file: z.instanceof(File).refine(({ size }) => size > 0, "Choose a file that isn't empty."),
});

/** Reads a file of rules and tells what is wrong with it and what it would do. Changes nothing. */
export const check = defineAction<typeof fileForm, ImportView>({
  permission: "accounts.list",
  schema: fileForm,
  async run({ file }, operator) {
    return await checkUpload(await nodeFor(operator), file);
  },
});

const importForm = z.object({ id: z.string().max(100), reason: reasonField });

/** Does what was checked, as one change; a short file is done when the job's page is shown. */
export const importChecked = defineAction<typeof importForm, null>({
  permission: "accounts.list",
  schema: importForm,
  async run({ id, reason }, operator) {
    const job = await runImport(await nodeFor(operator), id, { reason, actor: actorOf(operator) });
    revalidatePath("/", "layout");
    redirect(`/jobs/${job}`);
  },
});
