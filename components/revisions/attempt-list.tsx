import { Moment } from "@/components/ui/moment";
import type { AttemptView } from "@/lib/core/views";
import { OutcomeMark } from "./outcome-mark";

/** Every attempt to bring a revision into force, newest first, with what the probes saw. */
export function AttemptList({ attempts, now }: { attempts: readonly AttemptView[]; now: string }) {
  if (attempts.length === 0)
    return (
      <p className="text-sm text-ink-soft">
        No attempt is recorded: everything was so already, or it was never applied.
      </p>
    );
  return (
    <ul className="divide-y divide-line rounded border border-line bg-surface text-sm">
      {attempts.map(({ id, outcome, inForce, details, startedAt, tookMs }) => (
        <li key={id} className="px-4 py-2.5">
          <p className="flex flex-wrap gap-x-3">
            <OutcomeMark outcome={outcome} />
            <span className="text-ink-soft">
              <Moment at={startedAt} now={now} />, {(tookMs / 1000).toFixed(1)} s
            </span>
          </p>
          <p>{inForce}</p>
          {details.length > 0 ? (
            <ul className="list-disc pl-5 text-ink-soft">
              {details.map((detail) => (
                <li key={detail}>{detail}</li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
