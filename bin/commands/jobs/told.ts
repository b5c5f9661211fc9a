import type { JobJson } from "@/lib/core/api/answers/jobs";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { many } from "../progress";

/** What a job came to; `troubles` are what speaks against saying that its change is enforced. */
export function tellJob(job: JobJson, troubles: readonly string[], json: boolean, more: object): void {
  const { change } = job;
  if (troubles.length > 0) setExitCode(EXIT.notInForce);
  if (job.state !== "done") setExitCode(EXIT.partial);
  if (json) printJson({ ...more, job, enforced: troubles.length === 0, troubles });
  else print([...job.notes, ...(change === null ? [] : [`Change ${change}.`])]);
  if (!json && troubles.length > 0) note(troubles);
  if (job.state !== "done") note(unfinished(job));
}

function unfinished({ id, state, change }: JobJson): string {
  const how = state === "failed" ? "It failed" : "It was stopped";
  const back = change === null ? "" : `, take it back with: portcullis changes undo ${change}`;
  return `${how} before its end; what was done by then stays. Go on with: portcullis jobs resume ${id}${back}`;
}

export function progressLine({ done, total }: Pick<JobJson, "done" | "total">): string {
  if (total === 0) return `${many(done, "done", "done")} so far`;
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}
