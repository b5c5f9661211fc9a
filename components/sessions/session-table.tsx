import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";

interface SessionTableProps {
  sessions: readonly {
    username: string;
    /** Of its account's page; null for a name that no account can have. */
    href: string | null;
    protocol: string;
    ip: string;
    pid: number;
    /** ISO 8601; null where its process is gone or hidden. */
    since: string | null;
    /** What protects it, in words; null where the log didn't tell. */
    security: string | null;
    /** How long nothing came from it, in words. */
    idle: string | null;
  }[];
  mayEnd: boolean;
  now: string;
}

/** Who is connected, a row each; the form around it ends one. */
export function SessionTable({ sessions, mayEnd, now }: SessionTableProps) {
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">Open sessions</caption>
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium">
            Account
          </th>
          <th scope="col" className="px-2 font-medium">
            Protocol
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            From
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            Since
          </th>
          <th scope="col" className="px-2 font-medium max-md:hidden">
            Protected by
          </th>
          <th scope="col" className="px-2 font-medium max-md:hidden">
            Idle
          </th>
          {mayEnd ? (
            <th scope="col" className="px-2 text-right font-medium">
              <span className="sr-only">End it</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ username, href, protocol, ip, pid, since, security, idle }) => (
          <tr key={`${pid} ${username} ${ip}`} className="border-line border-b">
            <th scope="row" className="px-2 py-1.5 font-normal wrap-anywhere">
              {href ? <a href={href}>{username}</a> : username}
              <small className="block text-ink-soft sm:hidden">{ip}</small>
            </th>
            <td className="px-2">{protocol.toUpperCase()}</td>
            <td className="px-2 max-sm:hidden">{ip}</td>
            <td className="px-2 max-sm:hidden">{since ? <TimeAgo at={since} now={now} /> : "not known"}</td>
            <td className="px-2 max-md:hidden">{security ?? "not known"}</td>
            <td className="px-2 max-md:hidden">{idle ?? "not known"}</td>
            {mayEnd ? (
              <td className="px-2 text-right">
                <Button look="quiet" size="small" name="one" value={`${pid} ${username}`}>
                  End{" "}
                  <span className="sr-only">{`the ${protocol.toUpperCase()} session of ${username} from ${ip}`}</span>
                </Button>
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
