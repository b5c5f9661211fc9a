import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { AttemptList } from "@/components/revisions/attempt-list";
import { ChangeList } from "@/components/revisions/change-list";
import { FileDiff } from "@/components/revisions/file-diff";
import { UndoForm } from "@/components/revisions/undo-form";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import { compareRevisions } from "@/lib/server/mailserver/compare";
import { revisionFacts } from "@/lib/server/mailserver/history";
import { planUndo } from "@/lib/server/mailserver/undo";
import { attemptView, comparisonView } from "@/lib/server/mailserver/views";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { undo } from "./actions";

interface RevisionPageProps {
  params: Promise<{ n: string }>;
}

export async function generateMetadata({ params }: RevisionPageProps): Promise<Metadata> {
  return { title: `Revision ${(await params).n}` };
}

export default async function RevisionPage({ params }: RevisionPageProps) {
  const operator = await requireOperator("mailserver.read");
  const { n } = await params;
  const node = await nodeFor(operator);
  const facts = /^[1-9]\d{0,8}$/.test(n) ? await revisionFacts(node.db, Number(n)) : undefined;
  if (!facts) notFound();
  const { number, revision, parent, author, origin, reason, createdAt, undoes, undoneBy } = facts;
  const [{ inForce, wanted }, comparison, plan] = await Promise.all([
    recentStatus(),
    compareRevisions(node, parent ?? revision, revision),
    planUndo(node.db, number),
  ]);
  const { changes, diff, trouble } = comparisonView(comparison);
  const now = new Date().toISOString();
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "History", href: "/mailserver/history" },
          { label: `Revision ${number}` },
        ]}
      />
      <div>
        <h1>Revision {number}</h1>
        <p className="text-ink-soft">
          By {author} ({origin}), <Moment at={createdAt.toISOString()} now={now} />
          {reason ? `: “${reason}”` : ""}
        </p>
        <ul className="mt-1 flex flex-wrap gap-x-4 text-sm">
          {inForce?.revision === number ? <li className="text-good">It is in force.</li> : null}
          {undoes === null ? null : (
            <li>
              It takes back <Link href={`/mailserver/history/${undoes}`}>revision {undoes}</Link>.
            </li>
          )}
          {undoneBy === null ? null : (
            <li>
              It was taken back by <Link href={`/mailserver/history/${undoneBy}`}>revision {undoneBy}</Link>.
            </li>
          )}
          {wanted.number === number ? null : (
            <li>
              <Link href={`/mailserver/compare?from=${number}&to=${wanted.number}`} prefetch={false}>
                Compare with what is wanted now
              </Link>
            </li>
          )}
        </ul>
      </div>
      <section aria-labelledby="changes-head" className="space-y-2">
        <h2 id="changes-head">What it changed</h2>
        {parent ? <ChangeList changes={changes} /> : <p className="text-sm">It is the first.</p>}
      </section>
      {plan.kind === "plan" ? (
        <section aria-labelledby="undo-head" className="space-y-2">
          <h2 id="undo-head">Undo</h2>
          <UndoForm
            number={number}
            action={undo}
            sentences={plan.changes.map(({ sentence }) => sentence)}
            conflicts={plan.conflicts}
          />
        </section>
      ) : null}
      <section aria-labelledby="attempts-head" className="space-y-2">
        <h2 id="attempts-head">What came of it</h2>
        <AttemptList attempts={facts.attempts.map((attempt) => attemptView(attempt, number))} now={now} />
      </section>
      {parent ? (
        <section aria-labelledby="files-head" className="space-y-2">
          <h2 id="files-head">Generated files</h2>
          {trouble ? (
            <Notice tone="warn" title={trouble} />
          ) : (
            <FileDiff diff={diff} label={`What revision ${number} changed in the generated files`} />
          )}
        </section>
      ) : null}
    </div>
  );
}
