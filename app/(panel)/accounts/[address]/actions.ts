"use server";

import { z } from "zod";
import { accountName } from "@/lib/core/access/form-schemas";
import type { LinkView } from "@/lib/core/client-config/views";
import { makeClientLink } from "@/lib/server/client-config/account-clients";
import { defineAction } from "@/lib/server/web/action";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf } from "@/lib/server/web/session";

const form = z.object({ address: accountName });

/** Makes a link by which an account's owner sees how to set a mail program up. */
export const makeLink = defineAction<typeof form, LinkView>({
  permission: "accounts.change",
  schema: form,
  async run({ address }, operator) {
    return await makeClientLink(await nodeFor(operator), actorOf(operator), address);
  },
});
