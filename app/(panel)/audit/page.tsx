import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuditFilters } from "@/components/audit/audit-filters";
import { ChainLine } from "@/components/audit/chain-line";
import { EntryList } from "@/components/audit/entry-list";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { type AuditQuery, auditQuery } from "@/lib/core/audit/query";
import { lastCheck } from "@/lib/server/audit/check";
import { auditCheckView, auditEntryView } from "@/lib/server/audit/entry-view";
import { auditWords, listAudit } from "@/lib/server/audit/list";
import { auditLook } from "@/lib/server/audit/read";
import { database } from "@/lib/server/database/client";
import { serverZone } from "@/lib/server/local-time";
import { actorOf, requireOperator } from "@/lib/server/web/session";

export const metadata: Metadata = { title: "Audit" };

interface AuditPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const operator = await requireOperator("audit.read");
  const read = auditQuery.parse(await searchParams);
  // A form sends its empty fields too; the address that is bookmarked is the short one.
  if (read.ok && !read.isCanonical) redirect(pathOf(read.query));
  const db = database();
  if (read.ok) await auditLook(db, actorOf(operator));
  const [check, words, page] = await Promise.all([
    lastCheck(db),
    auditWords(db),
    read.ok ? listAudit(db, read.query) : undefined,
  ]);
  const now = new Date().toISOString();
  const place = { before: undefined, after: undefined, limit: undefined };
  const filter = read.ok ? auditQuery.search({ ...read.query, ...place }) : "";
  const link = (position: Partial<AuditQuery>) =>
    read.ok ? pathOf({ ...read.query, before: undefined, after: undefined, ...position }) : "";
  const rows = page?.rows ?? [];
  return (
    <div data-wide="" className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Audit" }]} />
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h1>Audit</h1>
        <p className="flex gap-3 text-sm">
          <a href={`/audit/export${withFormat(filter, "csv")}`}>Export as CSV</a>
          <a href={`/audit/export${withFormat(filter, "json")}`}>Export as JSON</a>
          <Link href="/settings/audit">How long it is kept</Link>
        </p>
      </div>
      <ChainLine check={auditCheckView(check)} now={now} />
      <AuditFilters
        given={read.ok ? Object.fromEntries(new URLSearchParams(filter)) : read.given}
        problems={read.ok ? [] : read.problems}
        zone={serverZone()}
        {...words}
      />
      {page === undefined ? (
        <Notice tone="bad" title="Nothing is listed, because a filter can't be used." />
      ) : rows.length === 0 ? (
        <Notice tone="plain" title="No entry is like that.">
          <p>
            <Link href="/audit">Show all</Link>
          </p>
        </Notice>
      ) : (
        <>
          <EntryList entries={rows.map(auditEntryView)} now={now} />
          <Pager
            label="Pages of the audit"
            previous={page.newer === null ? null : link({ after: page.newer })}
            next={page.older === null ? null : link({ before: page.older })}
          >
            <span className="text-ink-soft">
              Entries {rows.at(-1)?.number} to {rows[0]?.number}, newest first
            </span>
          </Pager>
        </>
      )}
    </div>
  );
}

function pathOf(query: Partial<AuditQuery>): string {
  return `/audit${auditQuery.search(query)}`;
}

function withFormat(filter: string, format: string): string {
  return `${filter === "" ? "?" : `${filter}&`}format=${format}`;
}
