"use server";

import { revalidatePath } from "next/cache";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { audit } from "@/lib/server/audit";
import { database } from "@/lib/server/database/client";
import { cookieName } from "@/lib/server/served-by-tls";
import { auth } from "@/lib/server/web/auth";
import { cookieFor } from "@/lib/server/web/cookie";
import { actorOf, currentSession, requireOperator } from "@/lib/server/web/session";
import { THEME_COOKIE, themeFrom } from "../theme";

const YEAR_S = 365 * 24 * 60 * 60;

export async function signOut(): Promise<void> {
  // Also for whoever has yet to give or set up a second factor.
  const session = await currentSession();
  if (session) {
    await auth().api.signOut({ headers: await headers() });
    await audit(database(), {
      actor: actorOf(session.operator),
      action: "session.sign-out",
      outcome: "done",
      sentences: [],
    });
  }
  redirect("/sign-in");
}

export async function chooseTheme(form: FormData): Promise<void> {
  await requireOperator("home.read");
  const theme = themeFrom(form.get("theme"));
  (await cookies()).set(cookieName(THEME_COOKIE), theme, cookieFor(YEAR_S));
  revalidatePath("/", "layout");
}
