import { Switch } from "@/components/ui/switch";
import { ListenerList, type ListenerProps } from "./listener-list";
import { UnsavedMark } from "./unsaved-mark";
import { type Effective, EffectiveText, WhatDovecotHas } from "./what-dovecot-has";

export interface ProtocolProps {
  key: "imap" | "pop3";
  label: string;
  help: string;
  on: boolean;
  /** Null when it is not known which there are. */
  listeners: readonly ListenerProps[] | null;
}

interface ProtocolRowProps {
  protocol: Omit<ProtocolProps, "key"> & { name: string };
  /** What is wanted now, whatever the form shows. */
  saved: boolean;
  problems: readonly string[];
  checkedAt: string;
  now: string;
  /** Why it can't be switched; it is then shown and fixed. */
  fixedBecause?: string;
  effective?: Effective | null | undefined;
}

/** One protocol: its switch, what it means, its ports, and what is seen of them. */
export function ProtocolRow({
  protocol,
  saved,
  problems,
  checkedAt,
  now,
  fixedBecause,
  effective,
}: ProtocolRowProps) {
  const { name, label, help, on, listeners } = protocol;
  return (
    <div
      id={`row-${name}`}
      className="group/row grid scroll-mt-24 gap-x-6 gap-y-2 px-4 py-4 sm:grid-cols-[6.5rem_1fr]"
      {...(fixedBecause === undefined
        ? {
            "data-setting": name,
            "data-saved": saved ? "on" : "off",
            "data-default": "on",
            "data-unsaved": on === saved ? undefined : "",
          }
        : {})}
    >
      <Switch
        id={name}
        name={fixedBecause ? undefined : name}
        defaultChecked={on}
        disabled={fixedBecause !== undefined}
        aria-describedby={`${name}-help${problems.length > 0 ? ` ${name}-problem` : ""}`}
        aria-invalid={problems.length > 0 ? true : undefined}
      />
      <div className="min-w-0">
        <label htmlFor={name} id={`${name}-label`} className="font-semibold">
          {label}
        </label>{" "}
        <UnsavedMark />
        <p id={`${name}-help`} className="text-sm text-ink-soft">
          {help} {fixedBecause}
        </p>
        {problems.length > 0 ? (
          <div id={`${name}-problem`} className="mt-1 text-sm text-bad">
            {problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </div>
        ) : null}
        <div className="mt-2">
          <ListenerList listeners={listeners} checkedAt={checkedAt} now={now} />
        </div>
        {fixedBecause === undefined ? (
          <p className="mt-1 text-xs">
            <WhatDovecotHas settingKey={name} labelId={`${name}-label`} />
          </p>
        ) : null}
        {effective ? <EffectiveText effective={effective} /> : null}
      </div>
    </div>
  );
}
