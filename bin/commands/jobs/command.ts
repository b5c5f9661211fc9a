import { Command } from "commander";
import { jobFacts } from "@/lib/server/jobs/job-facts";
import { cancelJob, findJob, type Job, recentJobs, resumeJob } from "@/lib/server/jobs/store";
import { openNode } from "@/lib/server/node";
import { print, printJson, table, UsageError } from "../output";
import { allOf, remotePages } from "../remote/pages";
import { alsoRemote, remotePanel } from "../remote/panel";
import { readNumber, shellActor } from "../rules/arguments";
import { answerJob } from "./answer";

const LATEST = "20";

export function jobsCommand(): Command {
  return new Command("jobs")
    .description("long work: how far it is, stopping it, going on with it")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(cancelCommand())
    .addCommand(resumeCommand());
}

function listCommand(): Command {
  return alsoRemote(
    new Command("list")
      .description("the latest jobs, newest first")
      .option("--limit <number>", "how many", LATEST)
      .option("--json", "as JSON: an array")
      .action(async ({ limit, json }: { limit: string; json?: boolean }) => {
        const most = readNumber(limit, "--limit");
        const api = remotePanel();
        const jobs = api
          ? await allOf(remotePages((part) => api.listJobs({ query: part }), { most }))
          : (await recentJobs(await openNode(), most)).map(jobFacts);
        if (json) return printJson(jobs);
        print(
          table([
            ["JOB", "KIND", "STATE", "DONE", "BY", "SINCE"],
            ...jobs.map(({ id, kind, state, done, total, actor, createdAt }) => [
              id,
              kind,
              state,
              `${done} of ${total}`,
              actor,
              createdAt,
            ]),
          ]),
        );
      }),
  );
}

function showCommand(): Command {
  return alsoRemote(
    new Command("show")
      .description("one job")
      .argument("<id>")
      .option("--json", "as JSON")
      .action(async (id: string, { json }: { json?: boolean }) => {
        const job =
          (await remotePanel()?.showJob({ params: { id } }))?.body ?? jobFacts(await requireJob(id));
        if (json) return printJson(job);
        const { change } = job;
        print([
          `${job.kind}: ${job.state}, ${job.done} of ${job.total}, by ${job.actor}`,
          ...job.notes,
          ...(change === null ? [] : [`Change ${change}.`]),
        ]);
      }),
  );
}

function cancelCommand(): Command {
  return new Command("cancel")
    .description("stop a job after the step that is under way; what was done by then stays")
    .argument("<id>")
    .option("--json", "as JSON")
    .action(async (id: string, { json }: { json?: boolean }) => {
      const { state } = await requireJob(id);
      if (state !== "waiting" && state !== "running")
        throw new UsageError(`The job is ${state}: there is nothing to stop.`);
      await cancelJob(await openNode(), id, shellActor());
      const job = await requireJob(id);
      if (json) printJson(jobFacts(job));
      else print(job.state === "cancelled" ? "Cancelled." : "It stops after the step that is under way.");
    });
}

function resumeCommand(): Command {
  return new Command("resume")
    .description("go on with a job that was cancelled or failed, where it stopped")
    .argument("<id>")
    .option("--json", "as JSON")
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const { state } = await requireJob(id);
      if (state === "done") throw new UsageError("The job is done: there is nothing to go on with.");
      const node = await openNode();
      await resumeJob(node, id, shellActor(), "administrator");
      await answerJob(node, id, json);
    });
}

async function requireJob(id: string): Promise<Job> {
  const job = await findJob(await openNode(), id);
  if (!job) throw new UsageError(`There is no job ${JSON.stringify(id.slice(0, 80))}.`);
  return job;
}
