import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import { CodeForm } from "@/components/session/code-form";
import { PasskeyProof } from "@/components/session/passkey-proof";
import { database } from "@/lib/server/database/client";
import { waysToProve } from "@/lib/server/operators/second-factor";
import { auth } from "@/lib/server/web/auth";
import { passkeyPlace } from "@/lib/server/web/passkey-site";
import { currentSession } from "@/lib/server/web/session";
import { signOut } from "../../../(panel)/actions";
import { askPasskey, confirmByPasskey, signInByPasskey } from "../../passkey-actions";
import { safePath } from "../safe-path";
import { giveCode } from "./actions";

export const metadata: Metadata = { title: "Second factor" };

interface SecondFactorPageProps {
  searchParams: Promise<{ next?: string }>;
}

export default async function SecondFactorPage({ searchParams }: SecondFactorPageProps) {
  const next = safePath((await searchParams).next);
  const session = await currentSession();
  if (session && session.lacks !== "prove") redirect(next);
  const pending = session ? null : await auth().api.pendingSignIn({ headers: await headers() });
  const userId = session?.operator.id ?? pending?.userId;
  if (!userId) redirect("/sign-in");
  const { hasCodes, passkeys } = await waysToProve(database(), userId);
  const { site, isHere } = await passkeyPlace();
  return (
    <>
      {hasCodes ? (
        <CodeForm next={next} action={giveCode} />
      ) : (
        <div>
          <h1>Second factor</h1>
          <p className="text-ink-soft">Your role needs one, and yours is a passkey.</p>
        </div>
      )}
      {passkeys > 0 && isHere ? (
        <PasskeyProof
          label="Use a passkey"
          next={next}
          ask={askPasskey}
          prove={session ? confirmByPasskey : signInByPasskey}
        />
      ) : null}
      {passkeys > 0 && !isHere && site ? (
        <p className="text-sm">
          Passkeys work at <a href={`${site.origin}/sign-in`}>{site.origin}</a>.
        </p>
      ) : null}
      {session ? (
        <form action={signOut}>
          <button type="submit" className="cursor-pointer text-accent text-sm underline">
            Sign out
          </button>
        </form>
      ) : (
        <p className="text-sm">
          <Link href="/sign-in">Sign in as somebody else</Link>
        </p>
      )}
    </>
  );
}
