import Link from "next/link";
import { AccountTable } from "@/components/accounts/account-table";
import { BulkBar } from "@/components/accounts/bulk-bar";
import { ColumnChoice } from "@/components/accounts/column-choice";
import type { Column } from "@/components/accounts/columns";
import { TableKeys } from "@/components/accounts/table-keys";
import { Pager } from "@/components/ui/pager";
import { SoftLinks } from "@/components/ui/soft-links";
import { BULK_CHOICES } from "@/lib/core/access/bulk-choice";
import { filterOf, type ListQuery, listQuery } from "@/lib/core/access/list-query";
import { listPage } from "@/lib/server/accounts/list-page";
import { nodeFor } from "@/lib/server/web/node";
import { may, type Operator, rankOf } from "@/lib/server/web/session";
import { chooseColumns } from "./actions";
import { LateCount } from "./late-count";
import { listPath, pageLinks, sortView } from "./list-links";

interface AccountListProps {
  query: ListQuery;
  operator: Operator;
  columns: readonly Column[];
  /** The form that the switches in the rows belong to. */
  switchForm: string;
  /** Count before the page is sent. */
  wait: boolean;
  now: string;
}

const TABLE = "accounts";
const SELECTION = "selection";

/** The table with what is done to its rows. */
export async function AccountList({ query, operator, columns, switchForm, wait, now }: AccountListProps) {
  const node = await nodeFor(operator);
  const page = await listPage(node, query, rankOf(operator));
  const { rows, count } = page;
  const filter = listQuery.search(filterOf(query));
  if (rows.length === 0) return <Nothing query={query} />;
  const mayChange = may(operator, "accounts.change");
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Pager label="Pages of the list" {...pageLinks(query, page)}>
          <span>
            {rows.length.toLocaleString("en")} of{" "}
            {count ? count.count.toLocaleString("en") : <LateCount node={node} query={query} wait={wait} />}{" "}
            {count?.count === 1 ? "account" : "accounts"}
          </span>
        </Pager>
        <div className="flex flex-wrap items-center gap-x-2">
          <span className="text-sm">
            Export <a href={exportPath(query, "csv")}>CSV</a> or <a href={exportPath(query, "json")}>JSON</a>
          </span>
          {mayChange ? (
            <Link href="/accounts/import" prefetch={false} className="text-sm">
              Import
            </Link>
          ) : null}
          <ColumnChoice columns={columns} choose={chooseColumns} />
        </div>
      </div>
      {mayChange ? (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <BulkBar
            formId={SELECTION}
            filter={Object.fromEntries(new URLSearchParams(filter))}
            matching={count ? count.count.toLocaleString("en") : ""}
            choices={BULK_CHOICES}
          />
          <TableKeys table={TABLE} search="search" />
        </div>
      ) : null}
      <div className="@container rounded border border-line bg-surface">
        <AccountTable
          id={TABLE}
          rows={rows}
          columns={columns}
          sorts={{ address: sortView(query, "address"), domain: sortView(query, "domain") }}
          forms={mayChange ? { selection: SELECTION, switches: switchForm } : null}
          now={now}
        />
      </div>
      <SoftLinks within={TABLE} />
      <Pager label="Pages of the list, below it" {...pageLinks(query, page)}>
        <span className="text-ink-soft">{rows.length.toLocaleString("en")} on this page</span>
      </Pager>
    </div>
  );
}

function exportPath(query: ListQuery, format: string): string {
  const search = listQuery.search({ ...query, after: undefined, before: undefined, limit: undefined });
  return `/accounts/export${search}${search ? "&" : "?"}format=${format}`;
}

function Nothing({ query }: { query: ListQuery }) {
  const { after, before, ...kept } = query;
  const isNarrowed = listQuery.search(filterOf(query)) !== "";
  return (
    <div className="space-y-1 rounded border border-line bg-surface px-4 py-6">
      {(after ?? before) ? (
        <p>
          There is nothing on this page any more. <Link href={listPath(kept)}>Go to the first page</Link>.
        </p>
      ) : isNarrowed ? (
        <p>
          No account matches. <Link href="/accounts">Show all accounts</Link>.
        </p>
      ) : (
        <p>
          No account is known yet. “List now” above asks the server for them; where it can’t list them, a file
          can be given at the command line.
        </p>
      )}
    </div>
  );
}
