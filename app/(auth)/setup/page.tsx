import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/session/setup-form";
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { PASSWORD_LENGTH } from "@/lib/server/operators/auth";
import { hasOperators } from "@/lib/server/operators/operators";
import { isSetupToken } from "@/lib/server/operators/setup-token";
import { setUp } from "./actions";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams;
  if (await hasOperators(database())) redirect("/sign-in");
  const given = typeof token === "string" ? token : "";
  const good = given !== "" && (await isSetupToken(currentHome(), given));
  return (
    <>
      {given !== "" && !good ? (
        <p className="text-bad">
          This set-up link is not the one that was printed last. Copy the newest, or enter its token.
        </p>
      ) : null}
      <SetupForm token={good ? given : ""} shortestPassword={PASSWORD_LENGTH.min} action={setUp} />
    </>
  );
}
