import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { EnforcementNotice } from "@/components/access/enforcement-notice";
import { RowForm } from "@/components/access/row-form";
import { AccountFilters } from "@/components/accounts/account-filters";
import { COLUMNS_COOKIE, columnsFrom } from "@/components/accounts/columns";
import { ListingLine } from "@/components/accounts/listing-line";
import { ViewBar } from "@/components/accounts/view-bar";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { filterOf, listQuery } from "@/lib/core/access/list-query";
import { listingFacts } from "@/lib/server/accounts/listing/last";
import { database } from "@/lib/server/database/client";
import { savedViews } from "@/lib/server/saved-views";
import { cookieName } from "@/lib/server/served-by-tls";
import { filterLimits } from "@/lib/server/use/filter-limits";
import { recentEnforcement } from "@/lib/server/web/enforcement";
import { may, requireOperator } from "@/lib/server/web/session";
import { flip, undo } from "../access-actions";
import { listNow, removeView, saveView } from "./actions";
import { AccountList } from "./list";
import { activeFilters, commonViews, listPath, ownViews } from "./list-links";
import { enforcementView, listingView } from "./views";

export const metadata: Metadata = { title: "Accounts" };

const SWITCHES = "switches";

interface AccountsPageProps {
  /** The keys of the list (docs/accounts.md), and `count=1` for browsers without JavaScript. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AccountsPage({ searchParams }: AccountsPageProps) {
  const operator = await requireOperator("accounts.read");
  const parameters = await searchParams;
  const read = listQuery.parse(parameters);
  // A form sends its empty fields too; the address that is bookmarked is the short one.
  if (read.ok && !read.isCanonical) redirect(listPath(read.query));
  const query = read.ok ? read.query : undefined;
  const [enforcement, listing, views, limits] = await Promise.all([
    recentEnforcement(),
    listingFacts(database()),
    savedViews(database(), "accounts", operator.email),
    query ? filterLimits(database(), filterOf(query)) : [],
  ]);
  const now = new Date().toISOString();
  const search = query ? listQuery.search({ ...query, after: undefined, before: undefined }) : "";
  return (
    <div data-wide="" className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Accounts" }]} />
      <h1>Accounts</h1>
      <EnforcementNotice {...enforcementView(enforcement)} now={now} />
      <ListingLine
        listing={listingView(listing)}
        listNow={may(operator, "accounts.list") ? listNow : null}
        now={now}
      />
      <AccountFilters
        given={read.ok ? Object.fromEntries(new URLSearchParams(search)) : read.given}
        problems={read.ok ? [] : read.problems}
        active={query ? activeFilters(query) : []}
      />
      <ViewBar
        common={commonViews(query)}
        own={ownViews(views, query)}
        query={search}
        save={saveView}
        remove={removeView}
      />
      {limits.length > 0 ? (
        <Notice tone="warn" title="Not everything is known of the time that is asked for.">
          {limits.map((limit) => (
            <p key={limit}>{limit}</p>
          ))}
        </Notice>
      ) : null}
      {query ? (
        <AccountList
          query={query}
          operator={operator}
          columns={columnsFrom((await cookies()).get(cookieName(COLUMNS_COOKIE))?.value)}
          switchForm={SWITCHES}
          wait={parameters.count === "1"}
          now={now}
        />
      ) : (
        <Notice tone="bad" title="Nothing is listed, because a filter can't be used.">
          <p>It is marked above. A filter that was left out would show accounts that were not asked for.</p>
        </Notice>
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
