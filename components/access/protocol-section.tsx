import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { StateView } from "@/lib/core/access/views";
import type { AccessAction } from "./access-form";
import { RowForm } from "./row-form";
import { RuleForm } from "./rule-form";
import { StateMark } from "./state-mark";

interface ProtocolSectionProps {
  subject: string;
  /** For people: `anna@site.example`, `site.example`, `all accounts`. */
  name: string;
  state: StateView;
  /** What no rule means: `No rule: as for everybody`. */
  without: string;
  zone: string;
  until: string;
  mayChange: boolean;
  flip: AccessAction;
  setRule: AccessAction;
  undo: AccessAction;
  /** What decides, drawn. */
  children?: ReactNode;
}

/** One protocol of an account, a domain or everybody: what is effective, what decides it, and the own rule. */
export function ProtocolSection(props: ProtocolSectionProps) {
  const { subject, name, state, without, zone, until, mayChange, flip, setRule, undo, children } = props;
  const { protocol, effective, because, own, canFlip } = state;
  const label = protocol.toUpperCase();
  const to = effective === "allow" ? "deny" : "allow";
  const form = `switch-${protocol}`;
  return (
    <section aria-labelledby={protocol} className="space-y-3 rounded border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id={protocol}>
          {label} <StateMark state={effective} />
        </h2>
        {mayChange && canFlip ? (
          <Button
            look="quiet"
            size="small"
            form={form}
            name="set"
            value={`${protocol} ${to} ${own?.state ?? "inherit"} ${subject}`}
          >
            {to === "deny" ? "Deny" : "Allow"} {label}
          </Button>
        ) : null}
      </div>
      <p>
        {because}{" "}
        <Link href="/guide" prefetch={false} className="text-sm">
          IMAP or POP3?
        </Link>
      </p>
      <RowForm id={form} action={flip} undo={undo} label={`Switch ${label}`} />
      {children}
      {mayChange ? (
        <RuleForm
          subject={subject}
          name={name}
          protocol={protocol}
          rule={own}
          without={without}
          zone={zone}
          until={until}
          setRule={setRule}
          undo={undo}
        />
      ) : null}
    </section>
  );
}
