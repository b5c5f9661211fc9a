import { ApiProblem } from "@/lib/api-client/caller";
import type { ApiClient } from "@/lib/api-client/client";
import type { SettingsAppliedJson, SettingsNotAppliedJson } from "@/lib/core/api/answers/mailserver";
import type { ChangeOptions } from "../mailserver/answer";
import { EXIT, type ExitCode, note, print, printJson, setExitCode } from "../output";
import { readNumber } from "../rules/arguments";

/** What the options of a change come to over the API. */
function bodyOf(options: ChangeOptions) {
  return {
    reason: options.reason,
    authenticationOnly: options.yes ?? false,
    acceptWarnings: options.acceptWarnings ?? false,
    replaceEdited: options.replaceEdited ?? false,
    duringFreeze: options.duringFreeze ?? false,
    ...(options.confirmWithin === undefined
      ? {}
      : { keepWithin: readNumber(options.confirmWithin, "--confirm-within") }),
  };
}

function matchOf({ revision }: ChangeOptions): string {
  return revision === undefined ? "*" : `"${readNumber(revision, "--revision")}"`;
}

export async function setRemotely(api: ApiClient, patch: object, options: ChangeOptions): Promise<void> {
  const settings = patch as Record<string, string>;
  if (options.dryRun) {
    const { body } = await api.planMailserver({ body: { settings } });
    if (options.json) return printJson(body);
    return print([
      ...body.changes.map(({ sentence }) => sentence),
      ...body.warnings.map(({ message }) => `Warning: ${message}`),
      ...body.effect.sentences,
      ...(body.diff === "" ? [] : ["", body.diff.trimEnd()]),
    ]);
  }
  await told(options, async () => {
    const { body } = await api.setMailserver({
      body: { settings, ...bodyOf(options) },
      ifMatch: matchOf(options),
    });
    return body;
  });
}

export async function undoRemotely(
  api: ApiClient,
  number: number,
  conflicts: "refuse" | "leave" | "overwrite",
  options: ChangeOptions,
): Promise<void> {
  await told(options, async () => {
    const { body } = await api.undoRevision({
      params: { number },
      body: { conflicts, ...bodyOf(options) },
      ifMatch: matchOf(options),
    });
    return body;
  });
}

type Done = SettingsAppliedJson | { outcome: "nothing"; undoes: number; saved: false };

/** The outcome as on the host: its JSON, its code and a sentence. */
async function told({ json }: ChangeOptions, act: () => Promise<Done>): Promise<void> {
  try {
    const done = await act();
    if ("notes" in done && done.outcome === "unchanged" && done.notes.length > 0)
      setExitCode(EXIT.notInForce);
    if (json) return printJson(done);
    print(doneLines(done));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { result, difference, detail } = error.problem;
    if (!result && !(difference && "conflicts" in difference)) throw error;
    setExitCode(result ? codeOf(result) : EXIT.conflict);
    if (json) printJson(result ?? { outcome: "conflict", saved: false, ...difference });
    else note(detail);
  }
}

function doneLines(done: Done): string[] {
  if (done.outcome === "nothing")
    return [`Everything that revision ${done.undoes} changed is as it was before.`];
  return [
    done.saved ? `Saved as revision ${done.revision}.` : `Revision ${done.revision} is what is wanted.`,
    ...done.changes.map(({ sentence }) => `  ${sentence}`),
    "In force, and seen on every port.",
    ...done.notes,
    ...(done.keepUntil
      ? [`It goes back by itself at ${done.keepUntil} unless somebody says that mail still works.`]
      : []),
  ];
}

function codeOf(result: SettingsNotAppliedJson): ExitCode {
  switch (result.outcome) {
    case "invalid":
    case "needs-confirmation":
      return EXIT.usage;
    case "conflict":
      return EXIT.conflict;
    case "rejected":
      return EXIT.refused;
    case "rolled-back":
      return EXIT.rolledBack;
    case "stuck":
      return EXIT.stuck;
  }
}
