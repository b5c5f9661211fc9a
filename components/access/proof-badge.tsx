import { TimeAgo } from "@/components/ui/time-ago";
import type { ProofView } from "@/lib/core/access/views";

/** What Dovecot answered when it was last asked about an account: its answer, not what is saved. */
export function ProofBadge({ proofs, now }: { proofs: readonly ProofView[]; now: string }) {
  const [first] = proofs;
  if (!first) return <span className="mark mark-unknown soft">not asked yet</span>;
  const { mark, words } = verdict(proofs);
  const oldest = proofs.reduce((a, b) => (a.at < b.at ? a : b), first);
  return (
    <>
      <span className={`mark mark-${mark}`} title={`Dovecot: ${proofs.map(answerWords).join(", ")}`}>
        {words}
      </span>{" "}
      <small>
        <TimeAgo at={oldest.at} now={now} short />
      </small>
    </>
  );
}

function verdict(proofs: readonly ProofView[]): { mark: string; words: string } {
  const wrong = proofs.filter(({ differs }) => differs);
  if (wrong.length > 0) return { mark: "differs", words: `differs: ${wrong.map(answerWords).join(", ")}` };
  const silent = proofs.find(({ seen }) => seen === "unknown" || seen === "no-such-user");
  return silent ? { mark: "unknown", words: answerWords(silent) } : { mark: "allow", words: "agrees" };
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
