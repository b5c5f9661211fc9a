"use server";

import { revalidatePath } from "next/cache";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { auth } from "@/lib/server/web/auth";
import { currentSession, requireOperator } from "@/lib/server/web/session";
import { THEME_COOKIE, themeFrom } from "../theme";

const YEAR_S = 365 * 24 * 60 * 60;

export async function signOut(): Promise<void> {
  // Also for whoever has yet to give or set up a second factor.
  if (await currentSession()) await auth().api.signOut({ headers: await headers() });
  redirect("/sign-in");
}

export async function chooseTheme(form: FormData): Promise<void> {
  await requireOperator("home.read");
  const theme = themeFrom(form.get("theme"));
  (await cookies()).set(THEME_COOKIE, theme, { maxAge: YEAR_S, sameSite: "lax", path: "/" });
  revalidatePath("/", "layout");
}
