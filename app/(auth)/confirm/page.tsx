import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { ConfirmForm } from "@/components/session/confirm-form";
import { PasskeyProof } from "@/components/session/passkey-proof";
import { database } from "@/lib/server/database/client";
import { waysToProve } from "@/lib/server/operators/second-factor";
import { passkeyPlace } from "@/lib/server/web/passkey-site";
import { currentSession } from "@/lib/server/web/session";
import { askPasskey, confirmByPasskey } from "../passkey-actions";
import { safePath } from "../sign-in/safe-path";
import { confirm } from "./actions";

export const metadata: Metadata = { title: "Confirm" };

export default async function ConfirmPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = safePath((await searchParams).next);
  const session = await currentSession();
  if (!session || session.lacks === "prove") redirect(`/sign-in?next=${encodeURIComponent(next)}`);
  const { hasCodes, passkeys } = await waysToProve(database(), session.operator.id);
  const { isHere } = await passkeyPlace();
  const onlyPasskeys = !hasCodes && passkeys > 0;
  return (
    <>
      <div>
        <h1>Confirm that it is you</h1>
        <p className="text-ink-soft">
          What comes next is risky, and it is some time since you signed in as {session.operator.email}.
        </p>
      </div>
      {onlyPasskeys ? null : <ConfirmForm next={next} asksForCode={hasCodes} action={confirm} />}
      {passkeys > 0 && isHere ? (
        <PasskeyProof label="Use a passkey" next={next} ask={askPasskey} prove={confirmByPasskey} />
      ) : null}
      {onlyPasskeys && !isHere ? (
        <p>Your second factor is a passkey, and those can’t be used under this address.</p>
      ) : null}
      <p className="text-sm">
        <Link href="/">Back to the panel</Link>
      </p>
    </>
  );
}
