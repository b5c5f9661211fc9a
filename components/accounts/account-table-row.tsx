import { OwnRules } from "@/components/access/own-rules";
import { ProofBadge } from "@/components/access/proof-badge";
import { StateSwitch } from "@/components/access/state-switch";
import { SuspensionMark } from "@/components/access/suspension-mark";
import { NotesMark } from "@/components/notes/notes-mark";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AccountRowView } from "@/lib/core/access/views";
import { COLUMNS, type Column } from "./columns";
import { LastUse } from "./last-use";
import { accountPath, domainPath } from "./paths";

interface AccountTableRowProps {
  row: AccountRowView;
  columns: readonly Column[];
  forms: { selection: string; switches: string } | null;
  now: string;
}

export function AccountTableRow({ row, columns, forms, now }: AccountTableRowProps) {
  const { id, address, vanishedAt, suspensions, notes } = row;
  const own = ownRules(row);
  return (
    <tr>
      {forms ? (
        <td>
          <input
            type="checkbox"
            name="id"
            value={id}
            form={forms.selection}
            aria-label={`Select ${address}`}
          />
        </td>
      ) : null}
      <th scope="row">
        <a href={accountPath(address)} title={address}>
          {address}
        </a>
        {vanishedAt ? (
          <small>
            vanished <TimeAgo at={vanishedAt} now={now} short />
          </small>
        ) : null}
        {notes ? <NotesMark notes={notes} /> : null}
        {suspensions.length + own.length > 0 ? (
          <small className="under">
            {suspensions[0] ? (
              <>
                <SuspensionMark suspension={suspensions[0]} /> suspended
              </>
            ) : null}
            <OwnRules rules={own} now={now} />
          </small>
        ) : null}
      </th>
      {COLUMNS.filter(({ key }) => columns.includes(key)).map(({ key, room }) => (
        <td key={key} className={room}>
          <Cell column={key} row={row} switches={forms?.switches ?? null} now={now} />
        </td>
      ))}
    </tr>
  );
}

interface CellProps {
  column: Column;
  row: AccountRowView;
  switches: string | null;
  now: string;
}

function Cell({ column, row, switches, now }: CellProps) {
  const { address, domain, states, suspensions, change, proofs, uses } = row;
  switch (column) {
    case "domain":
      return (
        <a href={domainPath(domain)} title={domain || undefined} className="soft cut">
          {domain || "none"}
        </a>
      );
    case "imap":
    case "pop3": {
      const state = states.find(({ protocol }) => protocol === column);
      return state ? (
        <StateSwitch
          state={state}
          subject={address}
          name={address}
          href={accountPath(address)}
          form={switches}
        />
      ) : null;
    }
    case "imap-used":
    case "pop3-used": {
      const use = uses.find(({ protocol }) => column === `${protocol}-used`);
      return use ? <LastUse use={use} now={now} /> : null;
    }
    case "override": {
      const own = ownRules(row);
      return own.length > 0 ? <OwnRules rules={own} now={now} /> : <Nothing words="no rule of its own" />;
    }
    case "suspension":
      return suspensions.length > 0 ? (
        suspensions.map((one) => (
          <span key={one.id} className="line" title={one.reason || undefined}>
            <SuspensionMark suspension={one} />
          </span>
        ))
      ) : (
        <Nothing words="not suspended" />
      );
    case "changed":
      return change ? (
        <>
          <span className="cut actor" title={change.reason || undefined}>
            {change.actor}
          </span>
          <small>
            <TimeAgo at={change.at} now={now} short />
          </small>
        </>
      ) : (
        <Nothing words="never changed" />
      );
    case "proof":
      return <ProofBadge proofs={proofs} now={now} />;
  }
}

function ownRules({ states }: AccountRowView) {
  return states.flatMap(({ own }) => (own ? [own] : []));
}

function Nothing({ words }: { words: string }) {
  return (
    <span className="soft" role="img" aria-label={words}>
      –
    </span>
  );
}
