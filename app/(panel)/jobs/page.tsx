import type { Metadata } from "next";
import Link from "next/link";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { jobStateWords } from "@/components/jobs/job-progress";
import { TimeAgo } from "@/components/ui/time-ago";
import { jobView } from "@/lib/server/jobs/job-view";
import { recentJobs } from "@/lib/server/jobs/store";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";

export const metadata: Metadata = { title: "Jobs" };

const SHOWN = 50;

export default async function JobsPage() {
  const operator = await requireOperator("jobs.read");
  const jobs = (await recentJobs(await nodeFor(operator), SHOWN)).map(jobView);
  const now = new Date().toISOString();
  return (
    <div className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Jobs" }]} />
      <h1>Jobs</h1>
      <p className="text-ink-soft">Long work: it goes on when the page is closed, and after a restart.</p>
      {jobs.length === 0 ? (
        <p>There was none yet. A listing of the accounts, or a change of many, is one.</p>
      ) : (
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="border-line-strong border-b text-ink-soft">
              <th scope="col" className="h-9 px-2 font-medium">
                Job
              </th>
              <th scope="col" className="px-2 font-medium">
                State
              </th>
              <th scope="col" className="px-2 text-right font-medium max-sm:hidden">
                Done
              </th>
              <th scope="col" className="px-2 font-medium max-sm:hidden">
                By
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.id} className="border-line border-b">
                <th scope="row" className="px-2 py-1.5 font-normal">
                  <Link href={`/jobs/${job.id}`} prefetch={false}>
                    {job.title}
                  </Link>
                </th>
                <td className="px-2">{jobStateWords(job.state)}</td>
                <td className="px-2 text-right max-sm:hidden">
                  {job.done.toLocaleString("en")} {job.unit}
                </td>
                <td className="px-2 max-sm:hidden">
                  {job.actor}, <TimeAgo at={job.createdAt} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
