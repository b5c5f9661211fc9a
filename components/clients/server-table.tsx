import { HostName } from "@/components/ui/host-name";
import type { IncomingServer, OutgoingServer } from "@/lib/core/client-config/told";

interface ServerTableProps {
  incoming: readonly IncomingServer[];
  outgoing: OutgoingServer | null;
  caption: string;
}

const PROTECTIONS = { tls: "TLS (SSL)", starttls: "STARTTLS", none: "none" } as const;

/** The servers that a mail program is told, the best first. */
export function ServerTable({ incoming, outgoing, caption }: ServerTableProps) {
  const rows = [
    ...incoming.map(({ protocol, ...server }) => ({ ...server, kind: protocol.toUpperCase() })),
    ...(outgoing ? [{ ...outgoing, kind: "Outgoing" }] : []),
  ];
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium">
            For
          </th>
          <th scope="col" className="w-1/2 px-2 font-medium">
            Server
          </th>
          <th scope="col" className="px-2 text-right font-medium">
            Port
          </th>
          <th scope="col" className="px-2 font-medium">
            Protection
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, host, port, security }) => (
          <tr key={`${kind} ${port}`} className="border-line border-b">
            <th scope="row" className="px-2 py-1.5 font-normal">
              {kind}
            </th>
            <td className="px-2">
              <HostName name={host} />
            </td>
            <td className="px-2 text-right">{port}</td>
            <td className="px-2">{PROTECTIONS[security]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
