import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { exactWords } from "@/components/ui/time-words";
import type { OperatorLinkView } from "@/lib/core/operators/views";
import { scopeWords } from "./words";

interface InvitationTableProps {
  invitations: readonly OperatorLinkView[];
  withdraw: PlainAction | undefined;
}

/** Invitations that can still be accepted. */
export function InvitationTable({ invitations, withdraw }: InvitationTableProps) {
  return (
    <ul className="divide-y divide-line border-line border-y" aria-label="Invitations">
      {invitations.map(({ id, email, role, scope, createdBy, expiresAt }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <p className="min-w-0 wrap-anywhere">
            <span className="font-medium">{email}</span> as {role}, {scopeWords(scope)}. Invited by{" "}
            {createdBy}, until <time dateTime={expiresAt}>{exactWords(expiresAt)}</time>.
          </p>
          {withdraw ? (
            <ActionForm action={withdraw} label={`Withdraw the invitation of ${email}`}>
              <input type="hidden" name="id" value={id} />
              <Button look="quiet" size="small" aria-label={`Withdraw the invitation of ${email}`}>
                Withdraw
              </Button>
            </ActionForm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
