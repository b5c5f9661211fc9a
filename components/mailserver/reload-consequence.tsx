interface ReloadConsequenceProps {
  sessions: Readonly<Record<string, number>> | null;
  shutdownClients: boolean;
}

/** What a change will do to people who are connected now, said before it is made. */
export function ReloadConsequence({ sessions, shutdownClients }: ReloadConsequenceProps) {
  const imap = sessions?.imap ?? 0;
  const pop3 = sessions?.pop3 ?? 0;
  const all = Object.values(sessions ?? {}).reduce((sum, count) => sum + count, 0);
  const known = sessions !== null;
  return (
    <div className="text-sm text-ink-soft">
      <p>
        <strong className="font-medium text-ink">Closing</strong> a protocol reloads nothing and touches
        nobody who uses the other one.{" "}
        {known
          ? `It ends the sessions of that protocol: IMAP has ${imap} open now, POP3 ${pop3}.`
          : "It ends the open sessions of that protocol."}
      </p>
      <p>
        <strong className="font-medium text-ink">Opening</strong> one reloads Dovecot.{" "}
        {shutdownClients
          ? `Six seconds later Dovecot ends every open session of the server${known ? ` (${all} now)` : ""}; mail programs connect again by themselves. (shutdown_clients = yes)`
          : "Open sessions go on. (shutdown_clients = no)"}
      </p>
    </div>
  );
}
