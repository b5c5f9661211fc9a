interface AccountTableProps {
  accounts: readonly { address: string; password: string }[];
  listeners: readonly { protocol: string; address: string; port: number; tls: boolean; wanted: string }[];
}

/** What a mail client asks for: servers first, then addresses and passwords. */
export function AccountTable({ accounts, listeners }: AccountTableProps) {
  return (
    <>
      <section aria-labelledby="servers">
        <h2 id="servers">Servers</h2>
        <ul className="mt-2 space-y-1">
          {listeners
            .filter(({ protocol, wanted }) => wanted === "open" && protocol !== "lmtp")
            .map(({ protocol, address, port, tls }) => (
              <li key={`${address}:${port}`}>
                {protocol.toUpperCase()}{" "}
                <code>
                  {address}:{port}
                </code>{" "}
                <span className="text-ink-soft">{tls ? "TLS" : "plain or STARTTLS"}</span>
              </li>
            ))}
        </ul>
      </section>
      <section aria-labelledby="mailboxes">
        <h2 id="mailboxes">Mailboxes</h2>
        <div className="mt-2 overflow-x-auto rounded border border-line bg-surface">
          <table className="w-full text-left">
            <thead className="border-line border-b text-sm text-ink-soft">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  Address
                </th>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  Password
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map(({ address, password }) => (
                <tr key={address} className="border-line border-b last:border-0">
                  <td className="px-3 py-1.5">{address}</td>
                  <td className="px-3 py-1.5 font-mono text-sm">{password}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}
