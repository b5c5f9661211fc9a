import { listQuery } from "@/lib/core/access/list-query";
import { type Impact, impactSentences } from "@/lib/core/use/impact";
import type { ImpactView } from "@/lib/core/views";

export function impactView(impact: Impact): ImpactView {
  return {
    what: impact.what,
    sentences: impactSentences(impact),
    limits: impact.limits,
    lists: impact.lists
      // Nobody to be listed: a link to an empty list helps nobody.
      .filter(({ of }) => (impact[of] ?? 0) > 0)
      .map(({ label, filter }) => {
        const search = listQuery.search(filter);
        return { label, href: `/accounts${search}`, csv: `/accounts/export${search}&format=csv` };
      }),
  };
}
