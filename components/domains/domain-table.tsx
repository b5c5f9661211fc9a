import Link from "next/link";
import { stateWord } from "@/components/access/state-mark";
import { SuspensionMark } from "@/components/access/suspension-mark";
import { domainPath } from "@/components/accounts/paths";
import { WhyState } from "@/components/accounts/why-state";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { DomainRowView, StateView } from "@/lib/core/access/views";

interface DomainTableProps {
  rows: readonly DomainRowView[];
  switchForm: string;
  mayChange: boolean;
  now: string;
}

/** One row a domain: its defaults, who differs from them, and how many are what. */
export function DomainTable({ rows, switchForm, mayChange, now }: DomainTableProps) {
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">
        Domains, with what is effective for an account without a rule of its own
      </caption>
      <thead>
        <tr>
          <Head>Domain</Head>
          <Head className={`${MEDIUM} text-right`}>Accounts</Head>
          <Head>IMAP</Head>
          <Head>POP3</Head>
          <Head className={MEDIUM}>Own rule</Head>
          <Head className={MEDIUM}>Suspension</Head>
          <Head className={`${MEDIUM} text-right`}>Exceptions</Head>
          <Head className={`${WIDE} text-right`}>IMAP denied</Head>
          <Head className={`${WIDE} text-right`}>POP3 denied</Head>
          <Head className={WIDE}>Last changed</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} className="border-line border-b hover:bg-raised">
            <th scope="row" className="max-w-64 px-2 py-1.5 font-normal">
              <Link href={domainPath(row.name)} prefetch={false} className="font-medium break-all">
                {row.name || "without a domain"}
              </Link>
              <span className="block text-ink-soft @3xl:hidden">
                {row.counts.accounts.toLocaleString("en")}{" "}
                {row.counts.accounts === 1 ? "account" : "accounts"}
              </span>
            </th>
            <td className={`${MEDIUM} px-2 text-right`}>{row.counts.accounts.toLocaleString("en")}</td>
            {row.states.map((state) => (
              <td key={state.protocol} className="px-2 py-1">
                <DefaultCell row={row} state={state} switchForm={switchForm} mayChange={mayChange} />
              </td>
            ))}
            <td className={`${MEDIUM} px-2`}>
              {row.states.map(({ protocol, own }) =>
                own ? (
                  <span key={protocol} className="block whitespace-nowrap">
                    {protocol.toUpperCase()} {stateWord(own.state)}
                    {own.until ? (
                      <span className="text-ink-soft">
                        , ends <TimeAgo at={own.until} now={now} />
                      </span>
                    ) : null}
                  </span>
                ) : null,
              )}
            </td>
            <td className={`${MEDIUM} px-2`}>
              {row.suspensions.map((one) => (
                <span key={one.id} className="block">
                  <SuspensionMark suspension={{ ...one, level: "account" }} />
                </span>
              ))}
            </td>
            <Count className={MEDIUM} row={row} filter="override=any" count={row.counts.exceptions} />
            <Count className={WIDE} row={row} filter="imap=deny" count={row.counts.imap.deny} />
            <Count className={WIDE} row={row} filter="pop3=deny" count={row.counts.pop3.deny} />
            <td className={`${WIDE} px-2`}>
              {row.change ? (
                <>
                  <span className="block max-w-36 truncate">{row.change.actor}</span>
                  <span className="text-ink-soft">
                    <TimeAgo at={row.change.at} now={now} />
                  </span>
                </>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const MEDIUM = "hidden @3xl:table-cell";
const WIDE = "hidden @5xl:table-cell";

function Head({ children, className = "" }: { children: string; className?: string }) {
  return (
    <th
      scope="col"
      className={`sticky top-0 z-10 h-9 border-line-strong border-b bg-surface px-2 font-medium text-ink-soft ${className}`}
    >
      {children}
    </th>
  );
}

function Count({
  row,
  filter,
  count,
  className,
}: {
  row: DomainRowView;
  filter: string;
  count: number;
  className: string;
}) {
  return (
    <td className={`${className} px-2 text-right`}>
      {count > 0 ? (
        <Link href={`/accounts?domain=${encodeURIComponent(row.name || "@")}&${filter}`} prefetch={false}>
          {count.toLocaleString("en")}
        </Link>
      ) : (
        <span className="text-ink-soft">0</span>
      )}
    </td>
  );
}

interface DefaultCellProps {
  row: DomainRowView;
  state: StateView;
  switchForm: string;
  mayChange: boolean;
}

function DefaultCell({ row, state, switchForm, mayChange }: DefaultCellProps) {
  const { protocol, effective, because, own, canFlip } = state;
  const name = protocol.toUpperCase();
  const to = effective === "allow" ? "deny" : "allow";
  const verb = to === "deny" ? "Deny" : "Allow";
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="w-20">
        <WhyState
          protocol={name}
          state={effective}
          because={because}
          href={`${domainPath(row.name)}#${protocol}`}
        />
      </span>
      {mayChange && canFlip ? (
        <Button
          look="quiet"
          size="small"
          form={switchForm}
          name="set"
          value={`${protocol} ${to} ${own?.state ?? "inherit"} @${row.name}`}
          aria-label={`${verb} ${name} for ${row.name || "accounts without a domain"}`}
        >
          {verb}
        </Button>
      ) : null}
    </span>
  );
}
