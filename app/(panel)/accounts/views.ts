import type { ListingView } from "@/components/accounts/listing-line";
import type { Enforcement } from "@/lib/server/access/enforcement";
import type { ListingFacts } from "@/lib/server/accounts/listing/last";

export function enforcementView({ enforced, troubles, alarms, checkedAt }: Enforcement) {
  return {
    enforced,
    troubles,
    alarms: alarms.map(({ key, sentence, raisedAt }) => ({
      key,
      sentence,
      raisedAt: raisedAt.toISOString(),
    })),
    checkedAt: checkedAt.toISOString(),
  };
}

export function listingView({ last, jobId }: ListingFacts): ListingView {
  return { last: last ? { ...last, at: last.at.toISOString() } : null, jobId: jobId ?? null };
}
