import { accountPath } from "@/components/accounts/paths";

interface KeptTableProps {
  caption: string;
  /** What the last column tells: how much there is, or how fast it grows. */
  head: string;
  rows: readonly { address: string; messages: number; words: string }[];
}

/** Mailboxes, the greatest first. */
export function KeptTable({ caption, head, rows }: KeptTableProps) {
  return (
    <table className="list">
      <caption className="pb-1 text-left font-medium text-base">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col" className="number">
            Messages
          </th>
          <th scope="col" className="number">
            {head}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ address, messages, words }) => (
          <tr key={address}>
            <th scope="row">
              <a href={accountPath(address)}>{address}</a>
            </th>
            <td className="number">{messages.toLocaleString("en")}</td>
            <td className="number">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
