import Link from "next/link";
import type { ReactNode } from "react";
import { ProofBadge } from "@/components/access/proof-badge";
import { SuspensionMark } from "@/components/access/suspension-mark";
import { stateWord } from "@/components/access/state-mark";
import { SortLink, type SortView } from "@/components/ui/sort-link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AccountRowView, RuleView } from "@/lib/core/access/views";
import type { Column } from "./columns";
import { accountPath, domainPath } from "./paths";
import { StateCell } from "./state-cell";

interface AccountTableProps {
  rows: readonly AccountRowView[];
  columns: readonly Column[];
  sorts: { address: SortView; domain: SortView };
  /** The forms that the boxes and the switches belong to; the table itself is none. */
  selectionForm: string;
  switchForm: string;
  mayChange: boolean;
  now: string;
}

/** One row an account. What doesn't fit a narrow place stands under the address. */
export function AccountTable(props: AccountTableProps) {
  const { rows, columns, sorts, selectionForm, mayChange, now } = props;
  const has = (column: Column) => columns.includes(column);
  return (
    <table id="accounts" className="w-full text-left text-sm">
      <caption className="sr-only">Accounts, with what is effective for each</caption>
      <thead>
        <tr>
          {mayChange ? (
            <Head className="w-9">
              <span className="sr-only">Selected</span>
            </Head>
          ) : null}
          <Head aria-sort={sorts.address.direction}>
            <SortLink sort={sorts.address}>Address</SortLink>
          </Head>
          {has("domain") ? (
            <Head className={WIDE} aria-sort={sorts.domain.direction}>
              <SortLink sort={sorts.domain}>Domain</SortLink>
            </Head>
          ) : null}
          {has("imap") ? <Head>IMAP</Head> : null}
          {has("pop3") ? <Head>POP3</Head> : null}
          {has("override") ? <Head className={MEDIUM}>Own rule</Head> : null}
          {has("suspension") ? <Head className={MEDIUM}>Suspension</Head> : null}
          {has("changed") ? <Head className={WIDE}>Last changed</Head> : null}
          {has("proof") ? <Head className={MEDIUM}>Proof</Head> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.address} className="border-line border-b hover:bg-raised has-checked:bg-raised">
            {mayChange ? (
              <td className="w-9 pl-2">
                <input
                  type="checkbox"
                  name="id"
                  value={row.id}
                  form={selectionForm}
                  aria-label={`Select ${row.address}`}
                  className="size-5 accent-accent align-middle"
                />
              </td>
            ) : null}
            <th scope="row" className="max-w-64 py-1.5 pr-2 pl-2 font-normal @5xl:max-w-56">
              <Link
                href={accountPath(row.address)}
                prefetch={false}
                className="block font-medium break-all @3xl:truncate"
                title={row.address}
              >
                {row.address}
              </Link>
              <Under row={row} now={now} />
            </th>
            {has("domain") ? (
              <td className={`${CELL} ${WIDE} max-w-44 truncate`}>
                <Link href={domainPath(row.domain)} prefetch={false} className="text-ink-soft">
                  {row.domain || "none"}
                </Link>
              </td>
            ) : null}
            {has("imap") ? <StateCell {...props} row={row} protocol="imap" /> : null}
            {has("pop3") ? <StateCell {...props} row={row} protocol="pop3" /> : null}
            {has("override") ? <td className={`${CELL} ${MEDIUM}`}>{ownRules(row, now)}</td> : null}
            {has("suspension") ? (
              <td className={`${CELL} ${MEDIUM}`}>
                {row.suspensions.length > 0 ? (
                  row.suspensions.map((one) => (
                    <span key={one.id} className="block" title={one.reason || undefined}>
                      <SuspensionMark suspension={one} />
                    </span>
                  ))
                ) : (
                  <Nothing words="not suspended" />
                )}
              </td>
            ) : null}
            {has("changed") ? (
              <td className={`${CELL} ${WIDE} max-w-36`}>
                {row.change ? (
                  <>
                    <span className="block truncate" title={row.change.reason || undefined}>
                      {row.change.actor}
                    </span>
                    <span className="text-ink-soft">
                      <TimeAgo at={row.change.at} now={now} />
                    </span>
                  </>
                ) : (
                  <Nothing words="never" />
                )}
              </td>
            ) : null}
            {has("proof") ? (
              <td className={`${CELL} ${MEDIUM}`}>
                <ProofBadge proofs={row.proofs} now={now} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CELL = "px-2 py-1";
/** Shown where the table has room for them: the place counts, not the screen. */
const MEDIUM = "hidden @3xl:table-cell";
const WIDE = "hidden @4xl:table-cell";

function Head({
  children,
  className = "",
  ...rest
}: {
  children: ReactNode;
  className?: string;
  "aria-sort"?: SortView["direction"];
}) {
  return (
    <th
      scope="col"
      className={`sticky top-0 z-10 h-9 border-line-strong border-b bg-surface px-2 font-medium text-ink-soft ${className}`}
      {...rest}
    >
      {children}
    </th>
  );
}

function Nothing({ words }: { words: string }) {
  return (
    <span className="text-ink-soft">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

function ownRules(row: AccountRowView, now: string) {
  const own = row.states.flatMap((state) => (state.own ? [state.own] : []));
  if (own.length === 0) return <Nothing words="no rule of its own" />;
  return own.map((rule) => <OwnRule key={rule.protocol} rule={rule} now={now} />);
}

function OwnRule({ rule, now }: { rule: RuleView; now: string }) {
  return (
    <span className="block whitespace-nowrap" title={rule.reason || undefined}>
      {rule.protocol.toUpperCase()} {stateWord(rule.state)}
      {rule.until ? (
        <span className="text-ink-soft">
          , ends <TimeAgo at={rule.until} now={now} />
        </span>
      ) : null}
    </span>
  );
}

/** What is unusual about an account, where its columns have no room. */
function Under({ row, now }: { row: AccountRowView; now: string }) {
  const facts = [
    ...row.suspensions.slice(0, 1).map((one) => <SuspensionMark key="suspension" suspension={one} />),
    ...row.states.flatMap(({ own }) => (own ? [<OwnRule key={own.protocol} rule={own} now={now} />] : [])),
  ];
  return (
    <>
      {row.vanishedAt ? (
        <span className="block text-warn">
          vanished <TimeAgo at={row.vanishedAt} now={now} />
        </span>
      ) : null}
      {facts.length > 0 ? <span className="block text-ink-soft @3xl:hidden">{facts}</span> : null}
    </>
  );
}
