import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { BulkActForm } from "@/components/accounts/bulk-act-form";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { BULK_CHOICES } from "@/lib/core/access/bulk-choice";
import { type BulkQuery, bulkQuery } from "@/lib/core/access/bulk-query";
import { listQuery } from "@/lib/core/access/list-query";
import { serverZone } from "@/lib/server/local-time";
import type { Scoped } from "@/lib/server/node";
import { filterLimits } from "@/lib/server/use/filter-limits";
import { nodeFor } from "@/lib/server/web/node";
import { rankOf, requireOperator } from "@/lib/server/web/session";
import { activeFilters } from "../list-links";
import { filterOf, plannedBulk } from "./planned";
import { Preview } from "./preview";

export const metadata: Metadata = { title: "Change many accounts" };

interface BulkPageProps {
  /** The keys of the list, with `ids` or `all`, `act` and `until`; the boxes of the table come as `id`, once for each. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function BulkPage({ searchParams }: BulkPageProps) {
  const operator = await requireOperator("accounts.change");
  const { id, ...parameters } = await searchParams;
  const ticked = [id ?? []].flat();
  const read = bulkQuery.parse(ticked.length > 0 ? { ...parameters, ids: ticked.join(",") } : parameters);
  if (read.ok && (ticked.length > 0 || !read.isCanonical))
    redirect(`/accounts/bulk${bulkQuery.search(read.query)}`);
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Accounts", href: "/accounts" },
          { label: "Change many" },
        ]}
      />
      <h1>Change many accounts</h1>
      {read.ok ? (
        <Planned query={read.query} rank={rankOf(operator)} node={await nodeFor(operator)} />
      ) : (
        <Notice tone="bad" title="This can't be previewed.">
          {read.problems.map(({ key, message }) => (
            <p key={key}>{message}</p>
          ))}
          <p>
            <Link href="/accounts">Back to the accounts</Link>
          </p>
        </Notice>
      )}
    </div>
  );
}

interface PlannedProps {
  query: BulkQuery;
  rank: ReturnType<typeof rankOf>;
  node: Scoped;
}

async function Planned({ query, rank, node }: PlannedProps) {
  const details = { rank, mayResume: rank, reason: "", ticket: "" };
  const planned = await plannedBulk(node, query, details);
  const filter = filterOf(query);
  const back = `/accounts${listQuery.search(filter)}`;
  if (planned.kind === "nobody") {
    return (
      <Notice tone="warn" title="No account is selected.">
        <p>
          <Link href={back}>Go back to the list</Link> and tick some, or take all that match.
        </p>
      </Notice>
    );
  }
  const limits = query.all ? await filterLimits(node.db, filter) : [];
  const { act, until, ...target } = query;
  const filters = activeFilters({ ...filter, sort: "domain", limit: 50 }).map(({ label }) => label);
  return (
    <>
      <p>
        {query.all
          ? `All accounts that match: ${filters.length > 0 ? filters.join(", ") : "every account"}.`
          : `${(query.ids ?? []).length.toLocaleString("en")} selected by hand.`}{" "}
        <Link href={back}>Back to the list</Link>
      </p>
      {limits.length > 0 ? (
        <Notice tone="warn" title="Not everything is known of the time that the filter looks back to.">
          {limits.map((limit) => (
            <p key={limit}>{limit}</p>
          ))}
        </Notice>
      ) : null}
      <BulkActForm
        target={Object.fromEntries(new URLSearchParams(bulkQuery.search(target)))}
        choices={BULK_CHOICES}
        act={act ?? "deny-pop3"}
        until={until}
        untilProblem={planned.kind === "unfinished" ? planned.untilProblem : undefined}
        zone={serverZone()}
      />
      {planned.kind === "ready" ? (
        <Preview node={node} query={query} target={planned.target} act={planned.act} />
      ) : null}
    </>
  );
}
