import { accessEnforcement } from "@/lib/server/access/enforcement";
import { jobFacts } from "@/lib/server/jobs/job-facts";
import type { Job } from "@/lib/server/jobs/store";
import type { MailNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { followJob } from "./follow";

/** Sees a job to its end and tells what it came to; `more` goes before it in the JSON. */
export async function answerJob(node: MailNode, id: string, json: boolean, more: object = {}): Promise<void> {
  const job = await followJob(node, id);
  const facts = jobFacts(job);
  const troubles = facts.change === null ? [] : (await accessEnforcement(node)).troubles;
  if (troubles.length > 0) setExitCode(EXIT.notInForce);
  if (job.state !== "done") setExitCode(EXIT.partial);
  if (json) printJson({ ...more, job: facts, enforced: troubles.length === 0, troubles });
  else print([...job.notes, ...(facts.change === null ? [] : [`Change ${facts.change}.`])]);
  if (!json && troubles.length > 0) note(troubles);
  if (job.state !== "done") note(unfinished(job, facts.change));
}

function unfinished({ id, state }: Job, change: number | null): string {
  const how = state === "failed" ? "It failed" : "It was stopped";
  const back = change === null ? "" : `, take it back with: portcullis changes undo ${change}`;
  return `${how} before its end; what was done by then stays. Go on with: portcullis jobs resume ${id}${back}`;
}
