import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { ProofView } from "@/lib/core/access/views";

/** What Dovecot answered when it was last asked about an account: its answer, not what is saved. */
export function ProofBadge({ proofs, now }: { proofs: readonly ProofView[]; now: string }) {
  const [first] = proofs;
  if (!first) {
    return (
      <span className="inline-flex items-center gap-1 whitespace-nowrap text-ink-soft">
        <CircleDashed className="size-4 shrink-0" aria-hidden="true" />
        not asked yet
      </span>
    );
  }
  const wrong = proofs.filter(({ differs }) => differs);
  const silent = proofs.filter(({ seen }) => seen === "unknown" || seen === "no-such-user");
  const oldest = proofs.reduce((a, b) => (a.at < b.at ? a : b), first);
  const { Icon, colour, words } =
    wrong.length > 0
      ? { Icon: CircleAlert, colour: "text-bad", words: wrong.map(answerWords).join(", ") }
      : silent.length > 0
        ? { Icon: CircleDashed, colour: "text-ink-soft", words: answerWords(silent[0] ?? first) }
        : { Icon: CircleCheck, colour: "text-good", words: "as Dovecot says" };
  return (
    <span className={`inline-flex items-center gap-1 ${wrong.length > 0 ? "font-medium text-bad" : ""}`}>
      <Icon className={`size-4 shrink-0 ${colour}`} aria-hidden="true" />
      <span>
        <span className="sr-only">Dovecot: {proofs.map(answerWords).join(", ")}. </span>
        <span aria-hidden="true">{words}</span>{" "}
        <span className="whitespace-nowrap text-ink-soft">
          <TimeAgo at={oldest.at} now={now} />
        </span>
      </span>
    </span>
  );
}

function answerWords({ protocol, seen, by }: ProofView): string {
  const name = protocol.toUpperCase();
  switch (seen) {
    case "allow":
      return `${name} let in`;
    case "deny":
      return by === "closed-port" ? `${name} ports closed` : `${name} refused`;
    case "no-such-user":
      return "no such account";
    case "unknown":
      return `${name} not known`;
  }
}
