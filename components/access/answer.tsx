import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { AccessAnswer, ConflictSide, StepView } from "@/lib/core/access/views";
import { stateWord } from "./state-mark";

/** What an act upon rules came to: done with its steps, or both sides of a conflict. */
export function Answer({ answer }: { answer: AccessAnswer }) {
  switch (answer.kind) {
    case "done":
      return (
        <Notice tone={answer.tone} title={answer.saved}>
          <Steps steps={answer.steps} />
        </Notice>
      );
    case "not-allowed":
      return <Notice tone="bad" title={answer.sentence} />;
    case "conflict":
      return (
        <Notice
          tone="warn"
          title="Somebody changed this after you opened the page. Nothing of yours was done."
        >
          {answer.sides.map((side) => (
            <Side key={side.label} side={side} yours={answer.yours} now={answer.now} />
          ))}
          <p>The page now shows theirs. Do yours again to put it on top.</p>
        </Notice>
      );
  }
}

function Steps({ steps }: { steps: readonly StepView[] }) {
  return (
    <ul className="space-y-0.5">
      {steps.map(({ state, sentence }) => {
        const { Icon, colour } = STEP[state];
        return (
          <li key={sentence} className="flex gap-2">
            <Icon className={`mt-0.5 size-4 shrink-0 ${colour}`} aria-hidden="true" />
            <span className="min-w-0 break-words">{sentence}</span>
          </li>
        );
      })}
    </ul>
  );
}

const STEP = {
  good: { Icon: CircleCheck, colour: "text-good" },
  bad: { Icon: CircleAlert, colour: "text-bad" },
  unknown: { Icon: CircleHelp, colour: "text-ink-soft" },
} as const;

function Side({ side, yours, now }: { side: ConflictSide; yours: readonly string[]; now: string }) {
  const { label, saw, now: state, actor, at, reason } = side;
  return (
    <dl className="grid gap-x-3 sm:grid-cols-[auto_1fr]">
      <dt className="font-medium">You saw</dt>
      <dd>
        {label}: {stateWord(saw)}.
      </dd>
      <dt className="font-medium">Theirs</dt>
      <dd>
        {label}: {stateWord(state)}
        {actor ? `, by ${actor}` : ""}
        {at ? (
          <>
            {", "}
            <Moment at={at} now={now} />
          </>
        ) : null}
        {reason ? ` (“${reason}”)` : ""}.
      </dd>
      <dt className="font-medium">Yours</dt>
      <dd>{yours.join("; ")}.</dd>
    </dl>
  );
}
