import { Suspense } from "react";
import { BulkCounts, BulkPreview } from "@/components/accounts/bulk-preview";
import { BulkRunForm } from "@/components/accounts/bulk-run-form";
import type { BulkAct, BulkTarget } from "@/lib/core/access/bulk";
import { type BulkQuery, bulkQuery } from "@/lib/core/access/bulk-query";
import { bulkView } from "@/lib/server/access/bulk-view";
import { cheapCount } from "@/lib/server/accounts/query/count";
import type { Scoped } from "@/lib/server/node";
import { runMany } from "./actions";

interface PreviewProps {
  node: Scoped;
  query: BulkQuery;
  target: BulkTarget;
  act: BulkAct;
}

/** So many are looked at before the page is sent: some tenths of a second. */
const LOOKED_AT = 10_000;

/** What it would do, and the form that does it. Where there are very many, the exact counts come later. */
export async function Preview({ node, query, target, act }: PreviewProps) {
  const preview = await bulkView(node, target, act, LOOKED_AT);
  const known = "filter" in target ? await cheapCount(node, target.filter) : undefined;
  return (
    <section aria-label="Preview" className="space-y-4">
      <BulkPreview preview={preview} />
      {preview.isMore ? (
        <Suspense fallback={<p className="text-ink-soft">Counting all of them…</p>}>
          <Exact node={node} target={target} act={act} />
        </Suspense>
      ) : null}
      {preview.changing > 0 || preview.isMore ? (
        <BulkRunForm
          action={runMany}
          query={bulkQuery.search(query)}
          counted={preview.isMore ? (known?.count ?? 0) : preview.accounts}
          submit={preview.isMore ? "Do it to all that match" : preview.sentence}
          suspends={act.kind === "suspend"}
        />
      ) : (
        <p>Everything is so already: there is nothing to do.</p>
      )}
    </section>
  );
}

async function Exact({ node, target, act }: Omit<PreviewProps, "query">) {
  const preview = await bulkView(node, target, act, Infinity);
  return (
    <>
      <p>Of all {preview.accounts.toLocaleString("en")}:</p>
      <BulkCounts preview={preview} />
    </>
  );
}
