import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "@/lib/api-client/client";
import type { BulkAct } from "@/lib/core/access/bulk";
import type { AccountFilter } from "@/lib/core/access/filter";
import type { JobJson } from "@/lib/core/api/answers/jobs";
import type { BodyInputOf } from "@/lib/core/api/routes";
import { progressLine, tellJob } from "../jobs/told";
import { note } from "../output";
import { Progress } from "../progress";
import type { Bulk } from "../rules/bulk";

/** Each look is a request, and a token has so many a minute. */
const LOOK_EVERY_MS = 1000;

/** One act upon many over the API; the rank of a suspension is the token's. */
export async function remoteBulk(
  api: ApiClient,
  filter: AccountFilter,
  act: BulkAct,
  reason: string,
): Promise<Bulk> {
  const body = { target: { filter }, act: asTyped(act) };
  const { body: preview } = await api.previewBulk({ body });
  return {
    preview,
    async run(json) {
      const { body: started } = await api.startBulk({ body: { ...body, reason } });
      const job = await followRemotely(api, started);
      const { access } = (await api.showStatus()).body;
      tellJob(job, job.change === null ? [] : access.troubles, json, { preview });
    },
  };
}

function asTyped(act: BulkAct): BodyInputOf<"previewBulk">["act"] {
  const end = (until: number | null) => (until === null ? null : new Date(until * 1000).toISOString());
  switch (act.kind) {
    case "policy":
      return { ...act, until: end(act.until) };
    case "suspend": {
      const { rank: _, ...rest } = act;
      return { ...rest, until: end(act.until) };
    }
    case "resume":
      return { kind: act.kind, protocol: act.protocol };
  }
}

/** Watches a job to its end; Ctrl-C cancels it, as on the host. */
async function followRemotely(api: ApiClient, started: JobJson): Promise<JobJson> {
  const params = { id: started.id };
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
    note("\nStopping after the step that is under way.");
  };
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  const progress = new Progress();
  try {
    for (let job = started; ; ) {
      if (job.finishedAt !== null) return job;
      progress.report(progressLine(job));
      await sleep(LOOK_EVERY_MS);
      const { body, etag } = await api.showJob({ params });
      job = body;
      if (!isCancelled || job.finishedAt !== null) continue;
      isCancelled = false;
      ({ body: job } = await api.cancelJob({ params, ifMatch: etag ?? "" }));
    }
  } finally {
    progress.end();
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  }
}
