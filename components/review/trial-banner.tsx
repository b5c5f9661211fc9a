"use client";

import Link from "next/link";
import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { complaintsIn } from "@/components/ui/complaints";
import { Notice } from "@/components/ui/notice";
import type { ActionState, ReviewAnswer } from "@/lib/core/views";
import { Countdown } from "./countdown";

interface TrialBannerProps {
  trials: readonly {
    revision: number;
    deadline: string;
    exact: string;
    /** What going back would do to people. */
    wayBack: readonly string[];
  }[];
  now: string;
  decide: (before: ActionState<ReviewAnswer>, form: FormData) => Promise<ActionState<ReviewAnswer>>;
}

/** Changes that go back by themselves unless somebody says that mail still works. */
export function TrialBanner({ trials, now, decide }: TrialBannerProps) {
  const [state, submit, pending] = useActionState(decide, { status: "idle", at: 0 });
  const problems = complaintsIn(state);
  return (
    <div role="status" className="mb-4 space-y-2 empty:hidden">
      {trials.map(({ revision, deadline, exact, wayBack }) => (
        <Notice key={revision} tone="warn" title={`Does mail still work for you since revision ${revision}?`}>
          <p>
            Unless somebody says so, it goes back by itself{" "}
            <Countdown until={deadline} now={now} exact={exact} /> Try a mail program first.{" "}
            <Link href={`/mailserver/history/${revision}`}>What it changed</Link>
          </p>
          {wayBack.length > 0 ? <p>Going back: {wayBack.join(" ")}</p> : null}
          <form action={submit} className="flex flex-wrap gap-2 pt-1">
            <input type="hidden" name="revision" value={revision} />
            <Button name="intent" value="keep" disabled={pending}>
              Mail works, keep it
            </Button>
            <Button name="intent" value="revert" look="quiet" disabled={pending}>
              Go back now
            </Button>
          </form>
        </Notice>
      ))}
      {problems.map((problem) => (
        <Notice key={problem} tone="bad" title={problem} />
      ))}
    </div>
  );
}
