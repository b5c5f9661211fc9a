import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/session/sign-in-form";
import { database } from "@/lib/server/database/client";
import { hasOperators } from "@/lib/server/operators/operators";
import { currentOperator } from "@/lib/server/web/session";
import { signIn } from "./actions";
import { safePath } from "./safe-path";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = safePath((await searchParams).next);
  if (await currentOperator()) redirect(next);
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
  return <SignInForm next={next} action={signIn} />;
}
