import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { CodesSetup } from "@/components/me/codes-setup";
import { NameForm } from "@/components/me/name-form";
import { OwnSessions } from "@/components/me/own-sessions";
import { PasskeyAdd } from "@/components/me/passkey-add";
import { PasskeyList } from "@/components/me/passkey-list";
import { PasswordForm } from "@/components/me/password-form";
import { RecoveryForm } from "@/components/me/recovery-form";
import { SaidForm } from "@/components/me/said-form";
import { ConfirmFirst } from "@/components/operators/confirm-first";
import { Button } from "@/components/ui/button";
import { database } from "@/lib/server/database/client";
import { PASSWORD_LENGTH } from "@/lib/server/operators/auth";
import { ownSessions, passkeyViews } from "@/lib/server/operators/list";
import { scopeWords } from "@/lib/server/operators/scope";
import { pendingCodes, recoveryCodesLeft, waysToProve } from "@/lib/server/operators/second-factor";
import { isFresh } from "@/lib/server/web/fresh";
import { passkeyPlace } from "@/lib/server/web/passkey-site";
import { currentSession, requireOperator } from "@/lib/server/web/session";
import { finishApp, startApp } from "../../(auth)/codes-actions";
import { addPasskey, askNewPasskey } from "../../(auth)/passkey-actions";
import { endSession, newRecoveryCodes, removeApp, removeOwnPasskey, setName, setPassword } from "./actions";

export const metadata: Metadata = { title: "Your sign-in" };

export default async function OwnPage() {
  const operator = await requireOperator("self.change");
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  const db = database();
  const [fresh, { hasCodes }, passkeys, sessions, place] = await Promise.all([
    isFresh(operator),
    waysToProve(db, operator.id),
    passkeyViews(db, operator.id),
    ownSessions(db, operator.id, session.id),
    passkeyPlace(),
  ]);
  const now = new Date().toISOString();
  return (
    <div className="space-y-8">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Your sign-in" }]} />
      <div>
        <h1>Your sign-in</h1>
        <p className="text-ink-soft wrap-anywhere">
          {operator.email}, {operator.role} for {scopeWords(operator.scope)}.
        </p>
      </div>
      <NameForm name={operator.name} action={setName} />
      {fresh ? null : <ConfirmFirst next="/me" what="change password or second factor" />}
      {fresh ? (
        <section aria-labelledby="password" className="space-y-3">
          <h2 id="password">Password</h2>
          <PasswordForm shortestPassword={PASSWORD_LENGTH.min} email={operator.email} action={setPassword} />
        </section>
      ) : null}
      <section aria-labelledby="codes" className="space-y-3">
        <h2 id="codes">Codes of an app</h2>
        <p>
          {hasCodes
            ? `Asked for at each sign-in. ${await recoveryCodesLeft(db, operator.id)} recovery codes are left.`
            : "Not set up: your password alone opens the panel."}
        </p>
        {fresh ? (
          <>
            <CodesSetup
              enrolment={hasCodes ? null : ((await pendingCodes(db, operator)) ?? null)}
              isSetUp={hasCodes}
              start={startApp}
              finish={finishApp}
            />
            {hasCodes ? <RecoveryForm action={newRecoveryCodes} /> : null}
            {hasCodes ? (
              <SaidForm action={removeApp} label="Remove the app">
                <Button look="quiet">Remove the app</Button>
              </SaidForm>
            ) : null}
          </>
        ) : null}
      </section>
      <section aria-labelledby="passkeys" className="space-y-3">
        <h2 id="passkeys">Passkeys</h2>
        <p className="text-ink-soft text-sm">
          Kept by a device, and used after a finger, a face or a PIN: password and second factor in one.
        </p>
        <PasskeyList passkeys={passkeys} now={now} remove={fresh ? removeOwnPasskey : undefined} />
        {place.isHere ? (
          fresh ? (
            <PasskeyAdd ask={askNewPasskey} add={addPasskey} />
          ) : null
        ) : (
          <p className="text-sm">
            {place.site ? (
              <>
                Passkeys are good for a name, not for an address: open the panel at{" "}
                <Link href={`${place.site.origin}/me`}>{place.site.origin}</Link>.
              </>
            ) : (
              "Passkeys need the panel under a name with HTTPS: set PORTCULLIS_URL."
            )}
          </p>
        )}
      </section>
      <section aria-labelledby="sessions" className="space-y-3">
        <h2 id="sessions">Your sessions</h2>
        <OwnSessions sessions={sessions} now={now} end={endSession} />
      </section>
    </div>
  );
}
