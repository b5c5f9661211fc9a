export interface Consequences {
  /** Open sessions by protocol; null when the daemon can't be asked. */
  sessions: Readonly<Record<string, number>> | null;
  shutdownClients: boolean;
  /** Files and daemon are as last applied: only then can a protocol be closed without a reload. */
  settled: boolean;
}

/** What a change will do to people who are connected now, said before it is made. */
export function ReloadConsequence({ sessions, shutdownClients, settled }: Consequences) {
  const ofProtocol = sessions
    ? `IMAP has ${sessions.imap ?? 0} open now, POP3 ${sessions.pop3 ?? 0}`
    : "how many are open is not known";
  return (
    <div className="text-sm text-ink-soft">
      {settled ? (
        <p>
          <strong className="font-medium text-ink">Closing</strong> a protocol reloads nothing and touches
          nobody who uses the other one. It ends the sessions of that protocol: {ofProtocol}.
        </p>
      ) : (
        <p>
          <strong className="font-medium text-ink">Closing</strong> a protocol needs a reload this time,
          because Dovecot does not run what was last applied.
        </p>
      )}
      <p>
        <strong className="font-medium text-ink">Opening</strong> one, or changing any other setting, reloads
        Dovecot. {reloadSentence({ sessions, shutdownClients })}
      </p>
    </div>
  );
}

/** What any reload does to open sessions. */
export function reloadSentence({
  sessions,
  shutdownClients,
}: Pick<Consequences, "sessions" | "shutdownClients">): string {
  if (!shutdownClients) return "Open sessions go on (shutdown_clients = no).";
  const all = sessions ? ` (${Object.values(sessions).reduce((sum, count) => sum + count, 0)} now)` : "";
  return `Six seconds later Dovecot ends every open session of the server${all}; mail programs connect again by themselves (shutdown_clients = yes).`;
}
