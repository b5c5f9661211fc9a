import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { UndoChange } from "@/components/access/undo-change";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { JobProgress } from "@/components/jobs/job-progress";
import { JobRefresh } from "@/components/jobs/job-refresh";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import { isUndone } from "@/lib/server/access/changes";
import { database } from "@/lib/server/database/client";
import { mayGoOn } from "@/lib/server/jobs/job-rank";
import { jobView } from "@/lib/server/jobs/job-view";
import { findJob } from "@/lib/server/jobs/store";
import { nodeFor } from "@/lib/server/web/node";
import { may, rankOf, requireOperator } from "@/lib/server/web/session";
import { undo } from "../../access-actions";
import { cancel, resume } from "../actions";

export const metadata: Metadata = { title: "Job" };

const LOOK_MS = 1000;

export default async function JobPage({ params }: { params: Promise<{ id: string }> }) {
  const operator = await requireOperator("jobs.read");
  const found = await findJob(await nodeFor(operator), (await params).id);
  if (!found) notFound();
  const job = jobView(found);
  const mayChange = may(operator, "accounts.change");
  const isActive = job.state === "waiting" || job.state === "running" || job.state === "cancelling";
  const now = new Date().toISOString();
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[{ label: "Home", href: "/" }, { label: "Jobs", href: "/jobs" }, { label: job.title }]}
      />
      <div className="space-y-1">
        <h1>{job.title}</h1>
        <p className="text-ink-soft">
          Asked for by {job.actor}, <TimeAgo at={job.createdAt} now={now} />
          {job.finishedAt ? (
            <>
              {"; ended "}
              <TimeAgo at={job.finishedAt} now={now} />
            </>
          ) : null}
        </p>
      </div>
      <JobProgress job={job} />
      {isActive ? <JobRefresh everyMs={LOOK_MS} /> : null}
      <div className="flex flex-wrap items-center gap-4">
        {mayChange && job.canCancel ? (
          <ActionForm action={cancel} label="Cancel">
            <input type="hidden" name="id" value={job.id} />
            <Button look="quiet">Cancel it; what is done stays</Button>
          </ActionForm>
        ) : null}
        {mayChange && job.canResume && mayGoOn(found, rankOf(operator)) ? (
          <ActionForm action={resume} label="Go on">
            <input type="hidden" name="id" value={job.id} />
            <Button look="quiet">Go on from where it stopped</Button>
          </ActionForm>
        ) : null}
        <Link href="/accounts">Go to the accounts</Link>
      </div>
      {job.changeId !== null && !isActive ? (
        <section aria-labelledby="change" className="space-y-2">
          <h2 id="change">The change it made</h2>
          <p>
            <Link href={`/changes/${job.changeId}`}>Change {job.changeId}</Link>
          </p>
          {mayChange ? (
            <UndoChange
              changeId={job.changeId}
              isOver={await isUndone(database(), job.changeId)}
              undo={undo}
            />
          ) : null}
        </section>
      ) : null}
    </div>
  );
}
