import Link from "next/link";
import { ApplyResult } from "@/components/mailserver/apply-result";
import { LiveProgress } from "@/components/review/live-progress";
import { ProgressSteps } from "@/components/review/progress-steps";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { Proposal } from "@/lib/server/mailserver/proposals";
import { progressOf } from "@/lib/server/web/progress-stream";

/** A change that is being applied, was applied, or was discarded. */
export async function ReviewOutcome({ proposal, now }: { proposal: Proposal; now: string }) {
  const { id, state, result, revision, decidedBy, finishedAt } = proposal;
  if (state === "discarded")
    return (
      <Notice tone="plain" title={`Discarded by ${decidedBy ?? "somebody"}. Nothing was changed.`}>
        {finishedAt ? <Moment at={finishedAt.toISOString()} now={now} /> : null}
      </Notice>
    );
  const progress = await progressOf(id);
  return (
    <>
      {state === "applying" ? (
        <section aria-labelledby="progress-head" className="space-y-2">
          <h2 id="progress-head">It is being applied</h2>
          <LiveProgress source={`/mailserver/review/${id}/steps`} begun={progress} />
          <noscript>
            <meta httpEquiv="refresh" content="2" />
            <p>This page looks again by itself.</p>
          </noscript>
        </section>
      ) : null}
      {state === "done" ? (
        <div role="status">
          {result?.kind === "done" ? (
            <ApplyResult view={result.view} />
          ) : (
            <Notice tone="warn" title="The panel was restarted while this was applied.">
              <p>Its revision is saved; the start brought it into force or says why not.</p>
            </Notice>
          )}
        </div>
      ) : null}
      {revision === null ? null : (
        <p className="text-sm">
          <Link href={`/mailserver/history/${revision}`}>Revision {revision}</Link>: its difference of files,
          probes and undo.
        </p>
      )}
      {state === "done" && progress.steps.length > 0 ? (
        <details>
          <summary className="cursor-pointer text-sm text-ink-soft">How it went, step by step</summary>
          <div className="mt-2">
            <ProgressSteps {...progress} />
          </div>
        </details>
      ) : null}
    </>
  );
}
