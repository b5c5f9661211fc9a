import type { Metadata } from "next";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { ConfirmFirst } from "@/components/operators/confirm-first";
import { InvitationTable } from "@/components/operators/invitation-table";
import { InviteForm } from "@/components/operators/invite-form";
import { OperatorTable } from "@/components/operators/operator-table";
import { database } from "@/lib/server/database/client";
import { invitationViews, operatorViews } from "@/lib/server/operators/list";
import { canMail } from "@/lib/server/operators/mail-link";
import { isFresh } from "@/lib/server/web/fresh";
import { may, requireOperator } from "@/lib/server/web/session";
import { inviteOperator, withdraw } from "./actions";

export const metadata: Metadata = { title: "Operators" };

export default async function OperatorsPage() {
  const operator = await requireOperator("operators.read");
  const db = database();
  const [operators, invitations, mail, fresh] = await Promise.all([
    operatorViews(db),
    invitationViews(db),
    canMail(db),
    isFresh(operator),
  ]);
  const mayChange = may(operator, "operators.change");
  const now = new Date().toISOString();
  return (
    <div data-wide="" className="space-y-6">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Operators" }]} />
      <h1>Operators</h1>
      <p className="text-ink-soft">
        People who sign in to this panel. Who needs a second factor is set under{" "}
        <a href="/settings/operators">Panel settings</a>.
      </p>
      <OperatorTable operators={operators} self={operator.id} now={now} />
      {mayChange ? (
        <section aria-labelledby="invite" className="space-y-4">
          <h2 id="invite">Invite somebody</h2>
          {fresh ? (
            <InviteForm canMail={mail} action={inviteOperator} />
          ) : (
            <ConfirmFirst next="/operators" what="invite somebody" />
          )}
        </section>
      ) : null}
      {invitations.length > 0 ? (
        <section aria-labelledby="invitations" className="space-y-3">
          <h2 id="invitations">Not accepted yet</h2>
          <InvitationTable invitations={invitations} withdraw={mayChange && fresh ? withdraw : undefined} />
        </section>
      ) : null}
    </div>
  );
}
