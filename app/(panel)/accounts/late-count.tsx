import { Suspense } from "react";
import { filterOf, type ListQuery } from "@/lib/core/access/list-query";
import { countAccounts } from "@/lib/server/accounts/query/count";
import { database } from "@/lib/server/database/client";
import { listPath } from "./list-links";

/**
 * How many there are, where that must be counted: the page doesn't wait for it. Without JavaScript what comes late can't be
 * put in its place, so a link asks for a page that waits.
 */
export function LateCount({ query, wait }: { query: ListQuery; wait: boolean }) {
  if (wait) return <Counted query={query} />;
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
      <Counted query={query} />
    </Suspense>
  );
}

async function Counted({ query }: { query: ListQuery }) {
  const { count, isMore } = await countAccounts(database(), filterOf(query));
  return <span className="inline-block min-w-16">{`${count.toLocaleString("en")}${isMore ? "+" : ""}`}</span>;
}
