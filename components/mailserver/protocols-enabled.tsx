import Link from "next/link";
import type { Typed } from "@/lib/core/views";
import type { ListenerProps } from "./listener-list";
import { type ProtocolProps, ProtocolRow } from "./protocol-row";
import type { Effective } from "./what-dovecot-has";

export interface ProtocolsEnabledProps {
  protocols: readonly ProtocolProps[];
  lmtp: { on: boolean; listeners: readonly ListenerProps[] | null };
  checkedAt: string;
  now: string;
  typed: Typed | undefined;
  problemsAt: (key: string) => readonly string[];
  effectiveOf: (key: string) => Effective | null | undefined;
}

/** The protocols that people read mail with, each with what a probe saw of its ports. */
export function ProtocolsEnabled({
  protocols,
  lmtp,
  checkedAt,
  now,
  typed,
  problemsAt,
  effectiveOf,
}: ProtocolsEnabledProps) {
  return (
    <fieldset className="rounded border border-line bg-surface">
      <legend className="ml-3 px-1 text-lg font-semibold">Protocols Enabled</legend>
      {/* A box that isn't ticked sends nothing: these are the boxes that there are. */}
      <input type="hidden" name="boxes" value={protocols.map(({ key }) => key).join(" ")} />
      <p className="px-4 pt-2 text-sm">
        <Link href="/guide" prefetch={false}>
          IMAP or POP3: what each means for mail, people and the disk
        </Link>
      </p>
      <div className="divide-y divide-line">
        {protocols.map((protocol) => {
          const on = typed?.[protocol.key] === undefined ? protocol.on : typed[protocol.key] === "on";
          return (
            <ProtocolRow
              key={protocol.key}
              protocol={{ ...protocol, name: protocol.key, on }}
              saved={protocol.on}
              problems={problemsAt(protocol.key)}
              effective={effectiveOf(protocol.key)}
              checkedAt={checkedAt}
              now={now}
            />
          );
        })}
        <ProtocolRow
          protocol={{
            name: "lmtp",
            label: "LMTP",
            help: "Delivers incoming mail into the mailboxes.",
            ...lmtp,
          }}
          saved={lmtp.on}
          problems={[]}
          checkedAt={checkedAt}
          now={now}
          fixedBecause={
            lmtp.on
              ? "Always on: without it, mail for local people would not arrive."
              : "Not set up on this server, which delivers in another way. It is never switched here."
          }
        />
      </div>
    </fieldset>
  );
}
