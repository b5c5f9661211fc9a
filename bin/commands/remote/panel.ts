import type { Command } from "commander";
import { ApiProblem, ApiUnreachable } from "@/lib/api-client/caller";
import { ApiClient } from "@/lib/api-client/client";
import type { ProblemKind } from "@/lib/core/api/problem";
import { EXIT, type ExitCode, UsageError } from "../output";

let panel: ApiClient | undefined;
const capable = new WeakSet<Command>();

/** The panel that is asked over its API; undefined where the command works on this host itself. */
export function remotePanel(): ApiClient | undefined {
  return panel;
}

/** For a command that can be done over the API as well. */
export function alsoRemote(command: Command): Command {
  capable.add(command);
  return command;
}

/** Where --url (or its variable) names a panel, it is asked; a command that can't be done so says it. */
export function chooseRemote(program: Command): void {
  program
    .option(
      "--url <url>",
      "ask a panel over its HTTP API instead of working on this host (PORTCULLIS_API_URL)",
    )
    .option("--token <token>", "of the API; better in PORTCULLIS_API_TOKEN, which no list of processes shows")
    .hook("preAction", (_, command) => {
      const { url = process.env.PORTCULLIS_API_URL, token = process.env.PORTCULLIS_API_TOKEN } =
        program.opts<{
          url?: string;
          token?: string;
        }>();
      if (!url) {
        if (program.opts<{ token?: string }>().token) throw new UsageError("--token goes with --url.");
        return;
      }
      if (!capable.has(command))
        throw new UsageError(
          `${pathOf(command)} can't be done over the API: run it on the host, without --url.`,
        );
      if (!/^https?:\/\/[^/\s]/i.test(url) || !URL.canParse(url))
        throw new UsageError(
          `--url takes the panel's address, for instance https://panel.example: not ${JSON.stringify(url)}.`,
        );
      if (!token) throw new UsageError("The API needs a token: PORTCULLIS_API_TOKEN, or --token.");
      panel = new ApiClient(url, token);
    });
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

/** What an option that is only for the host does with --url. */
export function onHostOnly(option: string): never {
  throw new UsageError(`${option} can't be done over the API: run it on the host, without --url.`);
}

const CODES: Partial<Record<ProblemKind, ExitCode>> = {
  "bad-request": EXIT.usage,
  "not-found": EXIT.usage,
  "method-not-allowed": EXIT.usage,
  "not-possible": EXIT.usage,
  invalid: EXIT.usage,
  unauthorized: EXIT.refused,
  "not-allowed": EXIT.refused,
  refused: EXIT.refused,
  "in-progress": EXIT.refused,
  "rate-limited": EXIT.refused,
  unavailable: EXIT.refused,
  stale: EXIT.conflict,
};

/** A sentence and a code for what came of asking; undefined for an error that is none of the API's. */
export function remoteFailure(error: unknown): { sentence: string; code: ExitCode } | undefined {
  if (error instanceof ApiUnreachable) return { sentence: error.message, code: EXIT.failed };
  if (!(error instanceof ApiProblem)) return undefined;
  const { detail } = error.problem;
  const code = CODES[kindOf(error)] ?? EXIT.failed;
  return { sentence: detail, code };
}

export function kindOf({ problem }: ApiProblem): ProblemKind {
  return problem.type.replace(/^.*#problem-/, "") as ProblemKind;
}
