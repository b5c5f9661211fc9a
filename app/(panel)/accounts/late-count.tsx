import { Suspense } from "react";
import { filterOf, type ListQuery } from "@/lib/core/access/list-query";
import { countAccounts } from "@/lib/server/accounts/query/count";
import type { Scoped } from "@/lib/server/node";
import { listPath } from "./list-links";

interface LateCountProps {
  node: Scoped;
  query: ListQuery;
  wait: boolean;
}

/**
 * How many there are, where that must be counted: the page doesn't wait for it. Without JavaScript what comes late can't be
 * put in its place, so a link asks for a page that waits.
 */
export function LateCount({ node, query, wait }: LateCountProps) {
  if (wait) return <Counted node={node} query={query} />;
  const path = listPath(query);
  return (
    <Suspense
      fallback={
        <span className="inline-block min-w-16">
          …
          <noscript>
            {" "}
            <a href={`${path}${path.includes("?") ? "&" : "?"}count=1`}>count them</a>
          </noscript>
        </span>
      }
    >
      <Counted node={node} query={query} />
    </Suspense>
  );
}

async function Counted({ node, query }: Omit<LateCountProps, "wait">) {
  const { count, isMore } = await countAccounts(node, filterOf(query));
  return <span className="inline-block min-w-16">{`${count.toLocaleString("en")}${isMore ? "+" : ""}`}</span>;
}
