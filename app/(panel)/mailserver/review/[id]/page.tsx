import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { ChangeList } from "@/components/revisions/change-list";
import { Moment } from "@/components/ui/moment";
import { changeWords } from "@/lib/core/settings/change-words";
import { changesBetween } from "@/lib/core/settings/changes";
import { findProposal } from "@/lib/server/mailserver/proposals";
import { findRevision } from "@/lib/server/mailserver/revisions";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";
import { ReviewAhead } from "./ahead";
import { ReviewOutcome } from "./outcome";

export const metadata: Metadata = { title: "Review" };

const AHEAD: readonly string[] = ["open", "scheduled", "failed"];

export default async function ReviewPage({ params }: { params: Promise<{ id: string }> }) {
  const operator = await requireOperator("mailserver.read");
  const { id } = await params;
  const node = await nodeFor(operator);
  const proposal = await findProposal(node.db, id);
  const base = proposal && (await findRevision(node.db, proposal.baseRevision));
  if (!proposal || !base) notFound();
  const changes = changesBetween(base.values, { ...base.values, ...proposal.patch }).map(changeWords);
  const now = new Date().toISOString();
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "Review" },
        ]}
      />
      <div>
        <h1>{headline(changes.length)}</h1>
        <p className="text-ink-soft">
          {AHEAD.includes(proposal.state) ? "Nothing is changed yet. " : ""}
          By {proposal.author}, <Moment at={proposal.createdAt.toISOString()} now={now} />, on revision{" "}
          {proposal.baseRevision}
          {proposal.undoes === null ? "" : `, to take back revision ${proposal.undoes}`}
          {proposal.reason ? `: “${proposal.reason}”` : "."}{" "}
          <Link href="/mailserver">Back to the Mailserver Configuration</Link>
        </p>
      </div>
      {AHEAD.includes(proposal.state) ? null : <ReviewOutcome proposal={proposal} now={now} />}
      <section aria-labelledby="changes-head" className="space-y-2">
        <h2 id="changes-head">What changes</h2>
        <ChangeList changes={changes} />
      </section>
      {AHEAD.includes(proposal.state) ? <ReviewAhead node={node} proposal={proposal} now={now} /> : null}
    </div>
  );
}

function headline(count: number): string {
  if (count === 0) return "Review: bring what is wanted into force";
  return `Review: ${count} ${count === 1 ? "change" : "changes"}`;
}
