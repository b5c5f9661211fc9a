import { accessEnforcement } from "@/lib/server/access/enforcement";
import { jobFacts } from "@/lib/server/jobs/job-facts";
import type { MailNode } from "@/lib/server/node";
import { followJob } from "./follow";
import { tellJob } from "./told";

/** Sees a job to its end and tells what it came to; `more` goes before it in the JSON. */
export async function answerJob(node: MailNode, id: string, json: boolean, more: object = {}): Promise<void> {
  const job = jobFacts(await followJob(node, id));
  tellJob(job, job.change === null ? [] : (await accessEnforcement(node)).troubles, json, more);
}
