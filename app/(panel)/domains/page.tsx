import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { EnforcementNotice } from "@/components/access/enforcement-notice";
import { RowForm } from "@/components/access/row-form";
import { DefaultLine } from "@/components/domains/default-line";
import { DomainFilters } from "@/components/domains/domain-filters";
import { DomainTable } from "@/components/domains/domain-table";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { SoftLinks } from "@/components/ui/soft-links";
import { type DomainQuery, domainQuery } from "@/lib/core/access/domain-query";
import { domainListView, everybodyView } from "@/lib/server/domains/domain-view";
import { recentEnforcement } from "@/lib/server/web/enforcement";
import { nodeFor } from "@/lib/server/web/node";
import { may, rankOf, requireOperator } from "@/lib/server/web/session";
import { flip, undo } from "../access-actions";
import { enforcementView } from "../accounts/views";

export const metadata: Metadata = { title: "Domains" };

interface DomainsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const TABLE = "domains";
const SWITCHES = "switches";

export default async function DomainsPage({ searchParams }: DomainsPageProps) {
  const operator = await requireOperator("accounts.read");
  const read = domainQuery.parse(await searchParams);
  if (read.ok && !read.isCanonical) redirect(`/domains${domainQuery.search(read.query)}`);
  const node = await nodeFor(operator);
  const mayChange = may(operator, "accounts.change");
  const [enforcement, everybody, page] = await Promise.all([
    recentEnforcement(),
    everybodyView(node),
    read.ok ? domainListView(node, read.query, rankOf(operator)) : undefined,
  ]);
  const now = new Date().toISOString();
  const given = read.ok
    ? Object.fromEntries(
        new URLSearchParams(domainQuery.search({ ...read.query, after: undefined, before: undefined })),
      )
    : read.given;
  return (
    <div data-wide="" className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Domains" }]} />
      <h1>Domains</h1>
      <EnforcementNotice {...enforcementView(enforcement)} now={now} />
      <DefaultLine states={everybody} switchForm={SWITCHES} mayChange={mayChange} />
      <DomainFilters given={given} problems={read.ok ? [] : read.problems} />
      {read.ok && page ? (
        page.rows.length > 0 ? (
          <>
            <Pager label="Pages of the list" {...links(read.query, page)}>
              <span>
                {page.rows.length.toLocaleString("en")} of {page.count.toLocaleString("en")}{" "}
                {page.count === 1 ? "domain" : "domains"}
              </span>
            </Pager>
            <div className="@container rounded border border-line bg-surface">
              <DomainTable id={TABLE} rows={page.rows} switches={mayChange ? SWITCHES : null} now={now} />
              <SoftLinks within={TABLE} />
            </div>
          </>
        ) : (
          <p className="rounded border border-line bg-surface px-4 py-6">
            No domain matches. <Link href="/domains">Show all domains</Link>, or{" "}
            <Link href="/accounts">list the accounts</Link>: domains come from their addresses.
          </p>
        )
      ) : (
        <Notice tone="bad" title="Nothing is listed, because a filter can't be used." />
      )}
      <RowForm
        id={SWITCHES}
        action={flip}
        undo={undo}
        label="Switches"
        className="sticky bottom-0 z-20 bg-ground"
      />
    </div>
  );
}

function links(
  query: DomainQuery,
  { rows, hasNext, hasPrevious }: Awaited<ReturnType<typeof domainListView>>,
): { next: string | null; previous: string | null } {
  const path = (place: Partial<DomainQuery>) =>
    `/domains${domainQuery.search({ ...query, after: undefined, before: undefined, ...place })}`;
  return {
    next: hasNext ? path({ after: rows.at(-1)?.name }) : null,
    previous: hasPrevious ? path({ before: rows[0]?.name }) : null,
  };
}
