import { ArrowRight } from "lucide-react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { ChainStepView } from "@/lib/core/access/views";
import { stateWord } from "./state-mark";

/** Server → domain → account → suspension: what each step says, and which one decides. */
export function Chain({
  protocol,
  steps,
  now,
}: {
  protocol: string;
  steps: readonly ChainStepView[];
  now: string;
}) {
  return (
    <ol
      aria-label={`What decides for ${protocol}`}
      className="flex flex-col gap-2 lg:flex-row lg:items-stretch"
    >
      {steps.map((step, index) => (
        <li key={step.label} className="flex min-w-0 flex-1 items-center gap-2">
          {index > 0 ? (
            <ArrowRight className="size-4 shrink-0 text-ink-soft max-lg:hidden" aria-hidden="true" />
          ) : null}
          <div
            className={`h-full min-w-0 grow rounded border-2 px-3 py-2 text-sm ${step.decides ? "border-accent bg-raised" : "border-line"}`}
          >
            <p className="flex flex-wrap items-baseline justify-between gap-x-2">
              <span className="font-medium">{step.label}</span>
              {step.decides ? <strong className="text-accent">decides</strong> : null}
            </p>
            <p>{saysWords(step)}</p>
            <Details step={step} now={now} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function saysWords({ says, suspensions }: ChainStepView): string {
  if (says !== "nothing") return stateWord(says);
  return suspensions.length > 0 ? "not suspended for this" : "says nothing";
}

function Details({ step: { rule, suspensions }, now }: { step: ChainStepView; now: string }) {
  const facts = [
    ...(rule ? [{ key: "rule", ...rule, ticket: "" }] : []),
    ...suspensions.map((one) => ({ key: String(one.id), ...one })),
  ];
  return facts.map(({ key, actor, at, until, reason, ticket }) => (
    <p key={key} className="break-words text-ink-soft">
      {until ? (
        <>
          ends <TimeAgo at={until} now={now} />
          {"; "}
        </>
      ) : null}
      by {actor}, <TimeAgo at={at} now={now} />
      {reason ? `: ${reason}` : ""}
      {ticket ? ` (ticket ${ticket})` : ""}
    </p>
  ));
}
