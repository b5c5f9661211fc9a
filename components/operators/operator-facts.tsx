import type { ReactNode } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { OperatorView } from "@/lib/core/operators/views";
import { scopeWords, secondFactorWords } from "./words";

/** What is known of an operator. */
export function OperatorFacts({ operator, now }: { operator: OperatorView; now: string }) {
  const { name, role, scope, lastSignInAt, isDisabled, sessions } = operator;
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
      <Fact term="Name">{name}</Fact>
      <Fact term="State">{isDisabled ? "Disabled: can’t sign in" : "May sign in"}</Fact>
      <Fact term="Role">{role}</Fact>
      <Fact term="Responsible for">{scopeWords(scope)}</Fact>
      <Fact term="Second factor">{secondFactorWords(operator)}</Fact>
      <Fact term="Last sign-in">{lastSignInAt ? <TimeAgo at={lastSignInAt} now={now} /> : "never seen"}</Fact>
      <Fact term="Open sessions">{sessions}</Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{term}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  );
}
