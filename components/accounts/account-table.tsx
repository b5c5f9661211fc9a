import { SortLink, type SortView } from "@/components/ui/sort-link";
import type { AccountRowView } from "@/lib/core/access/views";
import { AccountTableRow } from "./account-table-row";
import { COLUMNS, type Column } from "./columns";

interface AccountTableProps {
  id: string;
  rows: readonly AccountRowView[];
  columns: readonly Column[];
  sorts: { address: SortView; domain: SortView };
  /** The forms that the boxes and the switches belong to; null for those who may change nothing. */
  forms: { selection: string; switches: string } | null;
  now: string;
}

/** One row an account. What doesn't fit a narrow place stands under the address. */
export function AccountTable({ id, rows, columns, sorts, forms, now }: AccountTableProps) {
  return (
    <table id={id} className="list">
      <caption className="sr-only">Accounts, with what is effective for each</caption>
      <thead>
        <tr>
          {forms ? (
            <th scope="col">
              <span className="sr-only">Selected</span>
            </th>
          ) : null}
          <th scope="col" aria-sort={sorts.address.direction}>
            <SortLink sort={sorts.address}>Address</SortLink>
          </th>
          {COLUMNS.filter(({ key }) => columns.includes(key)).map(({ key, label, room }) => (
            <th
              key={key}
              scope="col"
              className={room}
              aria-sort={key === "domain" ? sorts.domain.direction : undefined}
            >
              {key === "domain" ? <SortLink sort={sorts.domain}>{label}</SortLink> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <AccountTableRow key={row.address} row={row} columns={columns} forms={forms} now={now} />
        ))}
      </tbody>
    </table>
  );
}
