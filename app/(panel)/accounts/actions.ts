"use server";

import { revalidatePath } from "next/cache";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { COLUMNS, COLUMNS_COOKIE } from "@/components/accounts/columns";
import { listQuery } from "@/lib/core/access/list-query";
import { startListing } from "@/lib/server/accounts/listing/last";
import { database } from "@/lib/server/database/client";
import { removeView as remove, saveView as save } from "@/lib/server/saved-views";
import { cookieName } from "@/lib/server/served-by-tls";
import { defineAction } from "@/lib/server/web/action";
import { cookieFor } from "@/lib/server/web/cookie";
import { actorOf } from "@/lib/server/web/session";

const YEAR_S = 365 * 24 * 60 * 60;
const PAGE = "accounts";
const nothing = z.object({});

/** Asks the server for its list, as a job; its page shows how far it is. */
export const listNow = defineAction<typeof nothing, null>({
  permission: "accounts.list",
  schema: nothing,
  async run(_input, operator) {
    redirect(`/jobs/${await startListing(database(), actorOf(operator))}`);
  },
});

const viewForm = z.object({
  name: z.string().trim().min(1, "Enter a name.").max(60, "Keep the name under 60 characters."),
  query: z.string().max(4000).default(""),
});

/** Saves the list as it is filtered and sorted now, over a view of the same name. */
export const saveView = defineAction<typeof viewForm, null>({
  permission: "accounts.read",
  schema: viewForm,
  async run({ name, query }, operator) {
    const read = listQuery.parse(Object.fromEntries(new URLSearchParams(query)));
    const { after: _after, before: _before, ...kept } = read.ok ? read.query : {};
    await save(database(), { page: PAGE, owner: operator.email, name, query: listQuery.search(kept) });
    revalidatePath("/accounts");
    return null;
  },
});

const idForm = z.object({ id: z.string().max(100) });

export const removeView = defineAction<typeof idForm, null>({
  permission: "accounts.read",
  schema: idForm,
  async run({ id }, operator) {
    await remove(database(), operator.email, id);
    revalidatePath("/accounts");
    return null;
  },
});

/** An unchecked box sends nothing. */
const columnsForm = z.record(z.string(), z.unknown());

/** Which columns this browser shows. */
export const chooseColumns = defineAction<typeof columnsForm, null>({
  permission: "accounts.read",
  schema: columnsForm,
  async run(ticked) {
    const value = COLUMNS.map(({ key }) => key)
      .filter((key) => ticked[key] === "on")
      .join(",");
    (await cookies()).set(cookieName(COLUMNS_COOKIE), value, cookieFor(YEAR_S));
    revalidatePath("/accounts");
    return null;
  },
});
