import Link from "next/link";
import { Moment } from "@/components/ui/moment";
import { OutcomeMark } from "./outcome-mark";

export interface HistoryRow {
  number: number;
  author: string;
  origin: string;
  reason: string;
  /** ISO 8601. */
  createdAt: string;
  sentences: readonly string[];
  undoes: number | null;
  undoneBy: number | null;
  outcome: string | null;
  inForce: boolean;
}

/** Revisions, newest first; two of them can be chosen and compared. */
export function HistoryTable({ rows, now }: { rows: readonly HistoryRow[]; now: string }) {
  const [newest, second] = rows;
  return (
    <form method="get" action="/mailserver/compare" aria-label="Revisions">
      <div className="overflow-x-auto rounded border border-line bg-surface">
        <table className="w-full min-w-2xl text-left text-sm">
          <thead>
            <tr className="border-line border-b">
              <th scope="col" className="px-3 py-2 font-medium">
                Compare
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Revision
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                What
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                By, when
              </th>
              <th scope="col" className="px-3 py-2 font-medium">
                Outcome
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <tr key={row.number} className="align-top">
                <td className="px-3 py-2 whitespace-nowrap">
                  <Pick name="from" number={row.number} checked={row.number === (second ?? newest)?.number} />
                  <Pick name="to" number={row.number} checked={row.number === newest?.number} />
                </td>
                <td className="px-3 py-2 whitespace-nowrap">
                  <Link href={`/mailserver/history/${row.number}`} className="font-medium">
                    Revision {row.number}
                  </Link>
                  {row.inForce ? <span className="block text-good">In force</span> : null}
                </td>
                <td className="px-3 py-2 [overflow-wrap:anywhere]">
                  <What row={row} />
                </td>
                <td className="px-3 py-2">
                  <span className="block max-w-44 truncate" title={row.author}>
                    {row.author}
                  </span>
                  <span className="text-ink-soft">
                    {row.origin}, <Moment at={row.createdAt} now={now} />
                  </span>
                </td>
                <td className="px-3 py-2">
                  <OutcomeMark outcome={row.outcome} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button
        type="submit"
        className="mt-2 min-h-9 cursor-pointer rounded border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-raised"
      >
        Compare the two chosen
      </button>
    </form>
  );
}

function What({ row: { number, sentences, reason, undoes, undoneBy } }: { row: HistoryRow }) {
  return (
    <>
      {sentences.length > 0 ? sentences.join(", ") : number === 1 ? "The first settings" : "No change"}
      {reason ? <span className="block text-ink-soft">“{reason}”</span> : null}
      {undoes === null ? null : <span className="block text-ink-soft">Takes back revision {undoes}</span>}
      {undoneBy === null ? null : (
        <span className="block text-ink-soft">Taken back by revision {undoneBy}</span>
      )}
    </>
  );
}

function Pick({ name, number, checked }: { name: "from" | "to"; number: number; checked: boolean }) {
  return (
    <input
      type="radio"
      name={name}
      value={number}
      defaultChecked={checked}
      aria-label={`${name === "from" ? "From" : "To"} revision ${number}`}
      title={name === "from" ? "From" : "To"}
      className="m-1 size-4 accent-accent"
    />
  );
}
