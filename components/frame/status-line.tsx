import { CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import { Moment } from "@/components/ui/moment";

interface StatusLineProps {
  checkedAt: string;
  now: string;
  running: boolean;
  listeners: readonly { protocol: string; seen: "open" | "closed" | "failing" }[];
}

const PROTOCOLS = ["imap", "pop3"];

/** The state of mail in one line, as probes saw it: `IMAP answers · POP3 closed · checked 8 s ago`. */
export function StatusLine({ checkedAt, now, running, listeners }: StatusLineProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-sm">
      {running ? null : (
        <span className="inline-flex items-center gap-1 font-medium text-bad">
          <CircleAlert className="size-4" aria-hidden="true" />
          Dovecot is not running
        </span>
      )}
      {PROTOCOLS.map((protocol) => (
        <ProtocolState
          key={protocol}
          name={protocol.toUpperCase()}
          seen={listeners.filter((one) => one.protocol === protocol).map((one) => one.seen)}
        />
      ))}
      <span className="text-ink-soft">
        checked <Moment at={checkedAt} now={now} />
      </span>
    </p>
  );
}

function ProtocolState({ name, seen }: { name: string; seen: readonly string[] }) {
  const { word, Icon, colour } = stateOf(seen);
  return (
    <span className="inline-flex items-center gap-1">
      <Icon className={`size-4 ${colour}`} aria-hidden="true" />
      {name} {word}
    </span>
  );
}

function stateOf(seen: readonly string[]) {
  if (seen.length === 0) return { word: "not known", Icon: CircleMinus, colour: "text-ink-soft" };
  if (seen.every((state) => state === "open"))
    return { word: "answers", Icon: CircleCheck, colour: "text-good" };
  if (seen.every((state) => state === "closed"))
    return { word: "closed", Icon: CircleMinus, colour: "text-ink-soft" };
  if (seen.includes("failing")) return { word: "fails on a port", Icon: CircleAlert, colour: "text-bad" };
  return { word: "answers on some ports", Icon: CircleAlert, colour: "text-warn" };
}
