import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AccountUseView } from "@/lib/core/access/views";

/** When and how an account signs in, and where from. */
export function AccountUse({ use, now }: { use: AccountUseView; now: string }) {
  const { protocols, addresses, addressDays, since, limits } = use;
  return (
    <section aria-labelledby="use" className="space-y-3">
      <h2 id="use">Use</h2>
      <table className="list">
        <caption className="sr-only">Sign-ins by protocol</caption>
        <thead>
          <tr>
            <th scope="col">Protocol</th>
            <th scope="col">Last sign-in</th>
            <th scope="col">Protected by</th>
            <th scope="col">How often</th>
          </tr>
        </thead>
        <tbody>
          {protocols.map(({ protocol, lastAt, how, times }) => (
            <tr key={protocol}>
              <th scope="row">{protocol.toUpperCase()}</th>
              <td>{lastAt === null ? notSeen(since) : <TimeAgo at={lastAt} now={now} />}</td>
              <td>{how}</td>
              <td>{times}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {limits.map((limit) => (
        <p key={limit} className="text-sm text-ink-soft">
          {limit}
        </p>
      ))}
      {addresses.length > 0 ? (
        <table className="list">
          <caption className="pb-1 text-left text-ink-soft">
            Addresses it came from, kept for {addressDays} {addressDays === 1 ? "day" : "days"}
          </caption>
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Protocol</th>
              <th scope="col" className="number">
                Times
              </th>
              <th scope="col" className="medium">
                First
              </th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {addresses.map(({ protocol, remote, count, firstAt, lastAt, isWebmail }) => (
              <tr key={`${protocol} ${remote}`}>
                <th scope="row" className="break-all">
                  {remote}
                  {isWebmail ? <small>webmail</small> : null}
                </th>
                <td>{protocol.toUpperCase()}</td>
                <td className="number">{count.toLocaleString("en")}</td>
                <td className="medium">
                  <TimeAgo at={firstAt} now={now} short />
                </td>
                <td>
                  <TimeAgo at={lastAt} now={now} short />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="text-sm text-ink-soft">
          {addressDays === 0 ? "Client addresses are not kept" : "No client address is known"}:{" "}
          <Link href="/settings/use">what is kept</Link>.
        </p>
      )}
    </section>
  );
}

function notSeen(since: string | null): string {
  return since === null ? "no data yet" : `not seen since ${since.slice(0, 10)}`;
}
