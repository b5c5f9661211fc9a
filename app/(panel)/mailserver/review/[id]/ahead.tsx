import Link from "next/link";
import { Suspense } from "react";
import { ConflictNotice } from "@/components/mailserver/conflict-notice";
import { EffectFacts } from "@/components/review/effect-facts";
import { ReviewForm } from "@/components/review/review-form";
import { FileDiff } from "@/components/revisions/file-diff";
import { Notice } from "@/components/ui/notice";
import { ImpactFacts } from "@/components/use/impact-facts";
import type { Change } from "@/lib/core/settings/changes";
import { frozenProblem } from "@/lib/server/mailserver/freeze";
import { planMailserver } from "@/lib/server/mailserver/plan";
import type { Proposal } from "@/lib/server/mailserver/proposals";
import { KEEP_WITHIN_RANGE, KEEP_WITHIN_S } from "@/lib/server/mailserver/trials";
import type { MailNode } from "@/lib/server/node";
import { serverZone, tellInstant } from "@/lib/server/tell-instant";
import { closingImpacts } from "@/lib/server/use/closing-impacts";
import { impactView } from "@/lib/server/use/impact-view";
import { decide } from "./actions";

interface ReviewAheadProps {
  node: MailNode;
  proposal: Proposal;
  now: string;
}

/** A change that is not applied yet: what it would do, looked at now, and the ways on. */
export async function ReviewAhead({ node, proposal }: ReviewAheadProps) {
  const plan = await planMailserver(node, proposal.patch);
  const { result, applyAt, state } = proposal;
  const accepted = new Set(proposal.acceptWarnings);
  const warnings = plan.warnings.map(({ message }) => message).filter((message) => !accepted.has(message));
  return (
    <>
      {state === "scheduled" && applyAt ? (
        <Notice
          tone="plain"
          title={`It is applied by itself: ${tellInstant(applyAt.getTime() / 1000)}. Until then it can be cancelled.`}
        />
      ) : null}
      {result?.kind === "conflict" ? <ConflictNotice conflict={result} /> : null}
      {result?.kind === "problems" ? (
        <Notice tone="bad" title="It was refused, and nothing was changed.">
          {result.problems.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      ) : null}
      {plan.kind === "problems" ? (
        <Notice tone="bad" title="It can't be applied as things are now.">
          {plan.problems.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      ) : (
        <section aria-labelledby="effect-head" className="space-y-2">
          <h2 id="effect-head">What happens</h2>
          <EffectFacts effect={plan.effect} checks={plan.checks} />
          <Suspense fallback={<p className="text-sm text-ink-soft">Counting who uses it…</p>}>
            <Impacts node={node} changes={plan.changes} />
          </Suspense>
        </section>
      )}
      <ReviewForm
        id={proposal.id}
        action={decide}
        scheduled={state === "scheduled" && applyAt ? tellInstant(applyAt.getTime() / 1000) : null}
        keep={{
          proposed: proposal.keepWithin !== null || (plan.kind === "plan" && plan.risky),
          seconds: proposal.keepWithin ?? KEEP_WITHIN_S,
          ...KEEP_WITHIN_RANGE,
        }}
        warnings={warnings}
        frozen={plan.kind === "plan" && plan.freeze ? frozenProblem(plan.freeze).message : null}
        conflict={result?.kind === "conflict"}
        timeZone={serverZone()}
      />
      {plan.kind === "plan" ? (
        <section aria-labelledby="files-head" className="space-y-2">
          <h2 id="files-head">Generated files</h2>
          <FileDiff diff={plan.diff} label="What changes in the generated files" />
        </section>
      ) : null}
    </>
  );
}

/** Who uses what a change closes; counted after the rest is there, since there may be very many. */
async function Impacts({ node, changes }: { node: MailNode; changes: readonly Change[] }) {
  const impacts = await closingImpacts(node, changes);
  if (impacts.length === 0) return null;
  return (
    <div className="space-y-2 rounded border border-line bg-surface px-4 py-3">
      <h3 className="font-medium">Who uses it</h3>
      <ImpactFacts impacts={impacts.map(impactView)} />
      <p className="text-sm">
        <Link href="/guide">IMAP or POP3: what each means</Link>
      </p>
    </div>
  );
}
