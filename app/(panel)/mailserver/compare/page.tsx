import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { ChangeList } from "@/components/revisions/change-list";
import { CompareForm } from "@/components/revisions/compare-form";
import { FileDiff } from "@/components/revisions/file-diff";
import { Notice } from "@/components/ui/notice";
import { comparisonQuery } from "@/lib/core/settings/history-query";
import { compareRevisions } from "@/lib/server/mailserver/compare";
import { findRevision, latestRevision } from "@/lib/server/mailserver/revisions";
import { comparisonView } from "@/lib/server/mailserver/views";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";

export const metadata: Metadata = { title: "Compare revisions" };

interface ComparePageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ComparePage({ searchParams }: ComparePageProps) {
  const operator = await requireOperator("mailserver.read");
  const read = comparisonQuery.parse(await searchParams);
  const node = await nodeFor(operator);
  const latest = (await latestRevision(node.db)).number;
  if (read.ok && (read.query.from === undefined || read.query.to === undefined)) {
    const { from = Math.max(1, latest - 1), to = latest } = read.query;
    redirect(`/mailserver/compare${comparisonQuery.search({ from, to })}`);
  }
  const { from = 1, to = 1 } = read.ok ? read.query : {};
  const [left, right] = await Promise.all([findRevision(node.db, from), findRevision(node.db, to)]);
  const problems = read.ok
    ? [...(left ? [] : [`There is no revision ${from}.`]), ...(right ? [] : [`There is no revision ${to}.`])]
    : read.problems.map(({ message }) => message);
  const comparison =
    problems.length === 0 && left && right
      ? comparisonView(await compareRevisions(node, left, right))
      : undefined;
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "History", href: "/mailserver/history" },
          { label: "Compare" },
        ]}
      />
      <h1>Compare two revisions</h1>
      <CompareForm
        from={read.ok ? String(from) : (read.given.from ?? "")}
        to={read.ok ? String(to) : (read.given.to ?? "")}
        newest={latest}
        problems={problems}
      />
      {comparison ? (
        <>
          <p className="text-sm">
            From <Link href={`/mailserver/history/${from}`}>revision {from}</Link> to{" "}
            <Link href={`/mailserver/history/${to}`}>revision {to}</Link>.{" "}
            <Link href={`/mailserver/compare?from=${to}&to=${from}`}>The other way round</Link>
          </p>
          <section aria-labelledby="changes-head" className="space-y-2">
            <h2 id="changes-head">Settings</h2>
            <ChangeList changes={comparison.changes} />
          </section>
          <section aria-labelledby="files-head" className="space-y-2">
            <h2 id="files-head">Generated files</h2>
            {comparison.trouble ? (
              <Notice tone="warn" title={comparison.trouble} />
            ) : (
              <FileDiff diff={comparison.diff} label={`From revision ${from} to ${to}`} />
            )}
          </section>
        </>
      ) : null}
    </div>
  );
}
