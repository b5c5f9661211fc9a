import { type Prepared, prepare, type Route } from "@/lib/core/apply/prepare";
import { type Change, changesBetween } from "@/lib/core/settings/changes";
import { type FieldProblem, readPatch } from "@/lib/core/settings/schema";
import { openSessions } from "@/lib/system/dovecot/sessions";
import type { MailNode } from "../node";
import { differenceBetween } from "./file-difference";
import { readInForce } from "./in-force";
import { latestRevision } from "./revisions";

/** What a change would do, found out without doing it. */
export type Plan =
  | { kind: "problems"; invalid: boolean; problems: FieldProblem[]; warnings: FieldProblem[] }
  | { kind: "plan"; changes: Change[]; warnings: FieldProblem[]; diff: string; effect: Effect };

export interface Effect {
  route: Route;
  /** How many open sessions it would end; null when the daemon can't be asked. */
  sessionsEnded: number | null;
  sentences: string[];
}

/** Checks a candidate and compares it with what is live. Takes no lock and changes nothing. */
export async function planMailserver(node: MailNode, input: unknown): Promise<Plan> {
  const patch = readPatch(input);
  const latest = await latestRevision(node.db);
  const values = { ...latest.values, ...patch.values };
  const touched = new Set(Object.keys(patch.values));
  const preparation = await prepare(node.ports, values, await readInForce(node), touched);
  const { warnings } = preparation;
  const problems = [...patch.problems, ...(preparation.ok ? [] : preparation.problems)];
  if (!preparation.ok || problems.length > 0)
    return { kind: "problems", invalid: patch.problems.length > 0, problems, warnings };
  const { prepared } = preparation;
  return {
    kind: "plan",
    changes: changesBetween(latest.values, values, prepared.target),
    warnings,
    diff: differenceBetween(prepared.live ?? {}, prepared.rendered.files, "live", "wanted"),
    effect: await effectOf(node, prepared),
  };
}

async function effectOf(node: MailNode, { route, changes, endsSessions, edited }: Prepared): Promise<Effect> {
  const sessions = await openSessions(node.instance);
  const closed = changes.map(({ key }): string => key);
  const count = (matches: (protocol: string) => boolean) =>
    sessions?.filter(({ protocol }) => matches(protocol)).length ?? null;
  const warning = edited
    ? ["The generated file was edited by hand; applying needs --replace-edited and overwrites the edit."]
    : [];
  switch (route) {
    case "none":
      return {
        route,
        sessionsEnded: 0,
        sentences: ["Everything is so already: nothing would be reloaded.", ...warning],
      };
    case "stop": {
      const ended = count((protocol) => closed.includes(protocol));
      return {
        route,
        sessionsEnded: ended,
        sentences: [
          `The ports close without a reload. ${sentenceFor(ended, "of that protocol would end at once")}`,
          ...warning,
        ],
      };
    }
    case "reload": {
      const ended = endsSessions ? count(() => true) : 0;
      const sentence = endsSessions
        ? `Dovecot would be reloaded. ${sentenceFor(ended, "of the whole server would end six seconds later (shutdown_clients = yes)")}`
        : "Dovecot would be reloaded. Open sessions go on (shutdown_clients = no).";
      return { route, sessionsEnded: ended, sentences: [sentence, ...warning] };
    }
  }
}

function sentenceFor(count: number | null, what: string): string {
  if (count === null) return `How many open sessions ${what} is not known.`;
  return `${count} open ${count === 1 ? "session" : "sessions"} ${what}.`;
}
