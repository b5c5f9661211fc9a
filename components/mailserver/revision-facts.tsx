import { Moment } from "@/components/ui/moment";

interface RevisionFactsProps {
  wanted: { number: number; author: string; reason: string; createdAt: string };
  inForce: { revision: number; since: string } | null;
  version: string;
  now: string;
}

/** Wanted and in force, as two facts, and which Dovecot it is about. */
export function RevisionFacts({ wanted, inForce, version, now }: RevisionFactsProps) {
  return (
    <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[7rem_1fr]">
      <dt className="text-ink-soft">Wanted</dt>
      <dd>
        Revision {wanted.number} by {wanted.author}, <Moment at={wanted.createdAt} now={now} />
        {wanted.reason ? `: ${wanted.reason}` : ""}
      </dd>
      <dt className="text-ink-soft">In force</dt>
      <dd>
        {inForce ? (
          <>
            Revision {inForce.revision}, since <Moment at={inForce.since} now={now} />
          </>
        ) : (
          "Nothing was applied yet."
        )}
      </dd>
      <dt className="text-ink-soft">Daemon</dt>
      <dd>Dovecot {version}</dd>
    </dl>
  );
}
