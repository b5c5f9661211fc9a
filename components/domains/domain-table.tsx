import { OwnRules } from "@/components/access/own-rules";
import { StateSwitch } from "@/components/access/state-switch";
import { SuspensionMark } from "@/components/access/suspension-mark";
import { domainPath } from "@/components/accounts/paths";
import { TimeAgo } from "@/components/ui/time-ago";
import type { DomainRowView } from "@/lib/core/access/views";

interface DomainTableProps {
  id: string;
  rows: readonly DomainRowView[];
  /** The form that the switches belong to; null for those who may not. */
  switches: string | null;
  now: string;
}

const HEADS = [
  { label: "Domain" },
  { label: "Accounts", className: "medium number" },
  { label: "IMAP" },
  { label: "POP3" },
  { label: "Own rule", className: "medium" },
  { label: "Suspension", className: "medium" },
  { label: "Exceptions", className: "medium number" },
  { label: "IMAP denied", className: "wide number" },
  { label: "POP3 denied", className: "wide number" },
  { label: "Last changed", className: "wide" },
] as const;

/** One row a domain: its defaults, who differs from them, and how many are what. */
export function DomainTable({ id, rows, switches, now }: DomainTableProps) {
  return (
    <table id={id} className="list">
      <caption className="sr-only">
        Domains, with what is effective for an account without a rule of its own
      </caption>
      <thead>
        <tr>
          {HEADS.map(({ label, ...rest }) => (
            <th key={label} scope="col" {...rest}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.name} row={row} switches={switches} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, switches, now }: { row: DomainRowView; switches: string | null; now: string }) {
  const { name, counts, states, suspensions, change } = row;
  return (
    <tr>
      <th scope="row">
        <a href={domainPath(name)} title={name}>
          {name || "without a domain"}
        </a>
        <small className="under">
          {counts.accounts.toLocaleString("en")} {counts.accounts === 1 ? "account" : "accounts"}
        </small>
      </th>
      <td className="medium number">{counts.accounts.toLocaleString("en")}</td>
      {states.map((state) => (
        <td key={state.protocol}>
          <StateSwitch
            state={state}
            subject={`@${name}`}
            name={name || "accounts without a domain"}
            href={domainPath(name)}
            form={switches}
          />
        </td>
      ))}
      <td className="medium">
        <OwnRules rules={states.flatMap(({ own }) => (own ? [own] : []))} now={now} />
      </td>
      <td className="medium">
        {suspensions.map((one) => (
          <span key={one.id} className="line" title={one.reason || undefined}>
            <SuspensionMark suspension={{ ...one, level: "account" }} />
          </span>
        ))}
      </td>
      <td className="medium number">
        <Count name={name} filter="override=any" count={counts.exceptions} />
      </td>
      <td className="wide number">
        <Count name={name} filter="imap=deny" count={counts.imap.deny} />
      </td>
      <td className="wide number">
        <Count name={name} filter="pop3=deny" count={counts.pop3.deny} />
      </td>
      <td className="wide">
        {change ? (
          <>
            <span className="cut actor">{change.actor}</span>
            <small>
              <TimeAgo at={change.at} now={now} short />
            </small>
          </>
        ) : null}
      </td>
    </tr>
  );
}

function Count({ name, filter, count }: { name: string; filter: string; count: number }) {
  return count > 0 ? (
    <a href={`/accounts?domain=${encodeURIComponent(name || "@")}&${filter}`}>{count.toLocaleString("en")}</a>
  ) : (
    <span className="soft">0</span>
  );
}
