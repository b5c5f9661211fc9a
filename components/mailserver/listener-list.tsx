import { CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import { Moment } from "@/components/ui/moment";

export interface ListenerProps {
  protocol: string;
  address: string;
  port: number;
  tls: boolean;
  wanted: "open" | "closed";
  seen: "open" | "closed" | "failing";
  latencyMs: number | null;
  reason: string | null;
}

interface ListenerListProps {
  listeners: readonly ListenerProps[] | null;
  checkedAt: string;
  now: string;
}

/** The ports of a protocol, each with what a probe of the running daemon saw. */
export function ListenerList({ listeners, checkedAt, now }: ListenerListProps) {
  if (listeners === null)
    return <p className="text-sm text-ink-soft">Which ports it listens on is not known.</p>;
  if (listeners.length === 0) return <p className="text-sm text-ink-soft">It listens on no TCP port.</p>;
  return (
    <ul className="divide-y divide-line">
      {listeners.map((listener) => (
        <li
          key={`${listener.address}:${listener.port}`}
          className="grid grid-cols-[9.5rem_1fr] items-center gap-x-3 py-1.5 text-sm sm:grid-cols-[9.5rem_8.5rem_1fr]"
        >
          <code>
            {listener.address}:{listener.port}
          </code>
          <span className="text-ink-soft">{encryptionWords(listener)}</span>
          <span className="col-span-2 flex flex-wrap items-center gap-x-3 sm:col-span-1">
            <Badge {...listener} />
            <span className="text-ink-soft">
              <Moment at={checkedAt} now={now} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function encryptionWords({ tls, protocol }: ListenerProps): string {
  if (tls) return "TLS";
  return protocol === "lmtp" ? "plain" : "plain or STARTTLS";
}

/** Green only for what was seen and is wanted; colour never alone. */
function Badge({ wanted, seen, latencyMs, reason }: ListenerProps) {
  if (wanted !== seen) {
    const found =
      seen === "open"
        ? `it answers in ${latencyMs} ms`
        : seen === "closed"
          ? "it is closed"
          : (reason ?? "it fails");
    return (
      <span className="inline-flex items-center gap-1 font-medium text-bad">
        <CircleAlert className="size-4" aria-hidden="true" />
        differs from what is wanted: {found}
      </span>
    );
  }
  return seen === "open" ? (
    <span className="inline-flex items-center gap-1 text-good">
      <CircleCheck className="size-4" aria-hidden="true" />
      answers on this host in {latencyMs} ms
    </span>
  ) : (
    <span className="inline-flex items-center gap-1 text-ink-soft">
      <CircleMinus className="size-4" aria-hidden="true" />
      closed
    </span>
  );
}
