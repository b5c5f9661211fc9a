import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { HistoryFilters } from "@/components/revisions/history-filters";
import { HistoryTable } from "@/components/revisions/history-table";
import { Notice } from "@/components/ui/notice";
import { type HistoryQuery, historyQuery, ORIGINS, OUTCOMES } from "@/lib/core/settings/history-query";
import { database } from "@/lib/server/database/client";
import { authors, listHistory } from "@/lib/server/mailserver/history";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";

export const metadata: Metadata = { title: "History" };

const OUTCOME_WORDS: Readonly<Record<(typeof OUTCOMES)[number], string>> = {
  applied: "Applied",
  "rolled-back": "Rolled back",
  rejected: "Refused",
  stuck: "Stuck",
};

interface HistoryPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HistoryPage({ searchParams }: HistoryPageProps) {
  await requireOperator("mailserver.read");
  const read = historyQuery.parse(await searchParams);
  // A form sends its empty fields too; the address that is bookmarked is the short one.
  if (read.ok && !read.isCanonical) redirect(pathOf(read.query));
  const [{ inForce }, everybody, page] = await Promise.all([
    recentStatus(),
    authors(database()),
    read.ok ? listHistory(database(), read.query) : undefined,
  ]);
  const given = read.ok
    ? Object.fromEntries(new URLSearchParams(historyQuery.search(read.query)))
    : read.given;
  const link = (position: Partial<HistoryQuery>) =>
    read.ok ? pathOf({ ...read.query, before: undefined, after: undefined, ...position }) : "";
  return (
    <div className="space-y-4">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "History" },
        ]}
      />
      <h1>History of the Mailserver Configuration</h1>
      <HistoryFilters
        given={given}
        problems={read.ok ? [] : read.problems}
        authors={everybody}
        origins={ORIGINS}
        outcomes={OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }))}
      />
      {page === undefined ? (
        <Notice tone="bad" title="Nothing is listed, because a filter can't be used." />
      ) : page.entries.length === 0 ? (
        <Notice tone="plain" title="No revision is like that.">
          <p>
            <Link href="/mailserver/history">Show all</Link>
          </p>
        </Notice>
      ) : (
        <HistoryTable
          rows={page.entries.map((entry) => ({
            ...entry,
            createdAt: entry.createdAt.toISOString(),
            inForce: entry.number === inForce?.revision,
          }))}
          now={new Date().toISOString()}
        />
      )}
      {page && (page.newer !== null || page.older !== null) ? (
        <nav aria-label="Pages of the history" className="flex gap-4 text-sm">
          {page.newer === null ? null : (
            <Link href={link({ after: page.newer })} rel="prev">
              Newer
            </Link>
          )}
          {page.older === null ? null : (
            <Link href={link({ before: page.older })} rel="next">
              Older
            </Link>
          )}
        </nav>
      ) : null}
    </div>
  );
}

function pathOf(query: Partial<HistoryQuery>): string {
  return `/mailserver/history${historyQuery.search(query)}`;
}
