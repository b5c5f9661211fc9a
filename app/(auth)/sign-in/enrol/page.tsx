import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { CodesSetup } from "@/components/me/codes-setup";
import { PasskeyAdd } from "@/components/me/passkey-add";
import { Notice } from "@/components/ui/notice";
import { database } from "@/lib/server/database/client";
import { pendingCodes, waysToProve } from "@/lib/server/operators/second-factor";
import { requireFresh } from "@/lib/server/web/fresh";
import { passkeyPlace } from "@/lib/server/web/passkey-site";
import { currentSession } from "@/lib/server/web/session";
import { signOut } from "../../../(panel)/actions";
import { finishApp, startApp } from "../../codes-actions";
import { addPasskey, askNewPasskey } from "../../passkey-actions";
import { safePath } from "../safe-path";

export const metadata: Metadata = { title: "Set up a second factor" };

export default async function EnrolPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = safePath((await searchParams).next);
  const session = await currentSession();
  if (!session || session.lacks === "prove") redirect("/sign-in");
  await requireFresh(session.operator);
  const db = database();
  const { id } = session.operator;
  const { hasCodes } = await waysToProve(db, id);
  const isDone = session.lacks === "nothing";
  return (
    <div className="space-y-4">
      <h1>Set up a second factor</h1>
      {isDone ? (
        <Notice tone="good" title="You have a second factor.">
          <p>
            <Link href={next}>Go on to the panel</Link>
          </p>
        </Notice>
      ) : (
        <p className="text-ink-soft">
          Your role needs one. Until it is set up, nothing else of the panel opens.
        </p>
      )}
      <CodesSetup
        enrolment={hasCodes ? null : ((await pendingCodes(db, session.operator)) ?? null)}
        isSetUp={hasCodes}
        start={startApp}
        finish={finishApp}
      />
      {!isDone && (await passkeyPlace()).isHere ? (
        <section aria-labelledby="passkey" className="space-y-2 border-line border-t pt-4">
          <h2 id="passkey">Or add a passkey</h2>
          <PasskeyAdd ask={askNewPasskey} add={addPasskey} />
        </section>
      ) : null}
      <form action={signOut}>
        <button type="submit" className="cursor-pointer text-accent text-sm underline">
          Sign out
        </button>
      </form>
    </div>
  );
}
