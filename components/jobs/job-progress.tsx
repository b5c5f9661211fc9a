import { CircleAlert, CircleCheck, CircleDashed, CirclePause } from "lucide-react";
import type { JobView } from "@/lib/core/jobs";

const STATES = {
  waiting: { words: "Waiting for its turn", Icon: CircleDashed, colour: "text-ink-soft" },
  running: { words: "At work", Icon: CircleDashed, colour: "text-accent" },
  cancelling: { words: "Stopping after the step that is under way", Icon: CircleDashed, colour: "text-warn" },
  cancelled: { words: "Cancelled", Icon: CirclePause, colour: "text-warn" },
  done: { words: "Done", Icon: CircleCheck, colour: "text-good" },
  failed: { words: "Failed", Icon: CircleAlert, colour: "text-bad" },
} as const;

const COARSE = 10;

/**
 * How far a job is. The bar and the figures change every second, which nobody wants to hear; what is read out changes with
 * the state and with every tenth.
 */
export function JobProgress({ job }: { job: JobView }) {
  const { state, total, done, unit, notes } = job;
  const { words, Icon, colour } = STATES[state];
  const percent = total ? Math.floor((done / total) * 100) : undefined;
  const tenth = percent === undefined ? "" : `, ${Math.floor(percent / COARSE) * COARSE} percent`;
  return (
    <div className="space-y-3">
      <p className="flex items-center gap-2 font-medium">
        <Icon className={`size-5 ${colour}`} aria-hidden="true" />
        {words}
      </p>
      <progress
        className="h-3 w-full max-w-xl accent-accent"
        aria-label="How far it is"
        {...(total === null ? {} : { max: Math.max(1, total), value: done })}
      />
      <p>
        {done.toLocaleString("en")}
        {total === null ? "" : ` of ${total.toLocaleString("en")}`} {unit}
        {percent === undefined ? "" : ` (${percent} %)`}
      </p>
      <p role="status" className="sr-only">
        {words}
        {state === "running" ? tenth : ""}. {notes.join(" ")}
      </p>
      {notes.length > 0 ? (
        <ul className="list-disc space-y-1 pl-5">
          {notes.map((note) => (
            <li key={note} className="break-words">
              {note}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

export function jobStateWords(state: JobView["state"]): string {
  return STATES[state].words;
}
