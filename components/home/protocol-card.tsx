import { CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import Link from "next/link";

interface ProtocolCardProps {
  protocol: string;
  listeners: readonly { address: string; port: number; tls: boolean; seen: string; wanted: string }[];
  /** False where the configuration can't be read and no port was seen before. */
  listenersKnown: boolean;
  /** Open now; null when the daemon can't be asked. Undefined where it isn't for whoever looks. */
  sessions: number | null | undefined;
}

/** One protocol as its ports were just seen, and who is connected by it. */
export function ProtocolCard({ protocol, listeners, listenersKnown, sessions }: ProtocolCardProps) {
  const name = protocol.toUpperCase();
  const failing = listeners.filter(({ seen, wanted }) => seen !== wanted);
  const isOpen = listeners.some(({ seen }) => seen === "open");
  const [Icon, tone, words] =
    !listenersKnown || failing.length > 0
      ? [CircleAlert, "text-bad", listenersKnown ? "is not as it should be" : "is not known"]
      : isOpen
        ? [CircleCheck, "text-good", "answers"]
        : [CircleMinus, "text-ink-soft", "is closed"];
  return (
    <section aria-label={name} className="space-y-2 rounded border border-line bg-surface px-4 py-3">
      <h3 className="flex items-center gap-2 font-medium">
        <Icon className={`size-5 ${tone}`} aria-hidden="true" />
        {name} {words}
      </h3>
      {listeners.length === 0 ? (
        <p className="text-sm">{listenersKnown ? "It has no port." : "Which ports it has is not known."}</p>
      ) : (
        <ul className="text-sm">
          {listeners.map(({ address, port, tls, seen }) => (
            <li key={`${address} ${port}`}>
              {address} port {port}
              {tls ? " (TLS)" : ""}: {SEEN[seen] ?? seen}
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm">
        {sessions === undefined ? null : sessions === null ? (
          "Dovecot can't be asked who is connected."
        ) : (
          <Link href={`/sessions?protocol=${protocol}`} prefetch={false}>
            {sessions.toLocaleString("en")} {sessions === 1 ? "session" : "sessions"} open now
          </Link>
        )}
      </p>
    </section>
  );
}

const SEEN: Readonly<Record<string, string>> = {
  open: "answers",
  closed: "refuses connections",
  failing: "accepts connections and doesn’t answer",
};
