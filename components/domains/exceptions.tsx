import Link from "next/link";
import { StateMark, stateWord } from "@/components/access/state-mark";
import { accountPath } from "@/components/accounts/paths";
import type { AccountRowView } from "@/lib/core/access/views";

interface ExceptionsProps {
  rows: readonly AccountRowView[];
  /** The list of all of them. */
  allHref: string;
  isMore: boolean;
}

/** Accounts with a rule of their own: whom the domain's default doesn't reach. */
export function Exceptions({ rows, allHref, isMore }: ExceptionsProps) {
  if (rows.length === 0)
    return <p className="text-sm text-ink-soft">No account here has a rule of its own.</p>;
  return (
    <div className="space-y-2">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Accounts with a rule of their own</caption>
        <thead>
          <tr className="border-line-strong border-b text-ink-soft">
            <th scope="col" className="h-9 px-2 font-medium">
              Address
            </th>
            <th scope="col" className="px-2 font-medium">
              IMAP
            </th>
            <th scope="col" className="px-2 font-medium">
              POP3
            </th>
            <th scope="col" className="px-2 font-medium max-sm:hidden">
              Own rule
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ address, states }) => (
            <tr key={address} className="border-line border-b">
              <th scope="row" className="px-2 py-1.5 font-normal break-all">
                <Link href={accountPath(address)} prefetch={false}>
                  {address}
                </Link>
              </th>
              {states.map(({ protocol, effective }) => (
                <td key={protocol} className="px-2">
                  <StateMark state={effective} />
                </td>
              ))}
              <td className="px-2 max-sm:hidden">
                {states
                  .flatMap(({ protocol, own }) =>
                    own ? [`${protocol.toUpperCase()} ${stateWord(own.state)}`] : [],
                  )
                  .join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isMore ? (
        <p className="text-sm">
          <Link href={allHref} prefetch={false}>
            Show all exceptions
          </Link>
        </p>
      ) : null}
    </div>
  );
}
