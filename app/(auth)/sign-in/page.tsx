import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { PasskeyProof } from "@/components/session/passkey-proof";
import { SignInForm } from "@/components/session/sign-in-form";
import { database } from "@/lib/server/database/client";
import { hasOperators } from "@/lib/server/operators/operators";
import { passkeyPlace } from "@/lib/server/web/passkey-site";
import { currentSession } from "@/lib/server/web/session";
import { askPasskey, signInByPasskey } from "../passkey-actions";
import { signIn } from "./actions";
import { safePath } from "./safe-path";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = safePath((await searchParams).next);
  const session = await currentSession();
  if (session?.lacks === "nothing") redirect(next);
  const to = encodeURIComponent(next);
  if (session?.lacks === "prove") redirect(`/sign-in/second-factor?next=${to}`);
  if (session?.lacks === "enrol") redirect(`/sign-in/enrol?next=${to}`);
  if (!(await hasOperators(database()))) {
    return (
      <>
        <h1>Not set up yet</h1>
        <p>
          There is no administrator yet. Open the one-time link that <code>npm start</code> printed where
          Portcullis was started; it makes the first one.
        </p>
      </>
    );
  }
  return (
    <>
      <SignInForm next={next} action={signIn} />
      {(await passkeyPlace()).isHere ? (
        <PasskeyProof label="Sign in with a passkey" next={next} ask={askPasskey} prove={signInByPasskey} />
      ) : null}
    </>
  );
}
