import Link from "next/link";
import { type AccessAction, AccessForm } from "@/components/access/access-form";
import { ProofBadge } from "@/components/access/proof-badge";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/ui/time-ago";
import type { ProofView } from "@/lib/core/access/views";

interface KnownAsProps {
  account: {
    address: string;
    domain: string;
    known: "listed" | "vanished" | "never-listed";
    vanishedAt: string | null;
    firstSeenAt: string | null;
    proofs: readonly ProofView[];
  };
  domainHref: string;
  ask: AccessAction;
  undo: AccessAction;
  now: string;
}

/** Whether the server has such an account, and what it says of it. */
export function KnownAs({ account, domainHref, ask, undo, now }: KnownAsProps) {
  const { address, domain, known, vanishedAt, firstSeenAt, proofs } = account;
  return (
    <div className="space-y-3">
      <p className="text-sm text-ink-soft">
        Domain <Link href={domainHref}>{domain || "none"}</Link>
        {firstSeenAt ? (
          <>
            {" · first listed "}
            <TimeAgo at={firstSeenAt} now={now} />
          </>
        ) : null}
      </p>
      {known === "vanished" && vanishedAt ? (
        <Notice tone="warn" title="The last listing of the server doesn't name this account any more.">
          <p>
            Missing for the first time <TimeAgo at={vanishedAt} now={now} />. Its rules stay, and hold again
            when it comes back.
          </p>
        </Notice>
      ) : null}
      {known === "never-listed" ? (
        <Notice tone="warn" title="No listing of the server has ever named this account.">
          <p>Rules can be set for it all the same: they hold as soon as somebody signs in by this name.</p>
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2 py-1.5">
          <span className="font-medium">Dovecot</span> <ProofBadge proofs={proofs} now={now} />
        </p>
        <AccessForm
          action={ask}
          undo={undo}
          hidden={{ subject: address }}
          label="Proof"
          submit="Ask Dovecot now"
        />
      </div>
    </div>
  );
}
