import { listenerLabel } from "@/lib/core/apply/outcome";
import type { Prepared, Route } from "@/lib/core/apply/prepare";
import { isSettingKey, settingOf } from "@/lib/core/settings/catalogue";
import { type Change, changesBetween } from "@/lib/core/settings/changes";
import { type FieldProblem, readPatch } from "@/lib/core/settings/schema";
import { openSessions } from "@/lib/system/dovecot/sessions";
import type { MailNode } from "../node";
import { differenceBetween } from "./file-difference";
import { type FreezeWindow, freezeNow } from "./freeze";
import { readInForce } from "./in-force";
import { latestRevision } from "./revisions";

/** What a change would do, found out without doing it. */
export type Plan =
  | { kind: "problems"; invalid: boolean; problems: FieldProblem[]; warnings: FieldProblem[] }
  | {
      kind: "plan";
      changes: Change[];
      warnings: FieldProblem[];
      diff: string;
      effect: Effect;
      /** What was tried, as it came out, a sentence each. */
      checks: string[];
      /** One of the changes can shut people out, so somebody should say afterwards that mail still works. */
      risky: boolean;
      /** The freeze window that stands in its way. */
      freeze: FreezeWindow | null;
    };

export interface Effect {
  route: Route;
  /** How many open sessions it would end; null when the daemon can't be asked. */
  sessionsEnded: number | null;
  /** Open sessions now by protocol, and which of them it would end; null when the daemon can't be asked. */
  sessions: Record<string, { open: number; ended: number }> | null;
  /** Ports that close and ports that open, by name. */
  closes: string[];
  opens: string[];
  /** What going back would be, should it have to, and how many sessions that would end. */
  back: { route: Route; sessionsEnded: number | null };
  sentences: string[];
}

/** Checks a candidate and compares it with what is live. Takes no lock and changes nothing. */
export async function planMailserver(node: MailNode, input: unknown): Promise<Plan> {
  const patch = readPatch(input);
  const latest = await latestRevision(node.db);
  const values = { ...latest.values, ...patch.values };
  const touched = new Set(Object.keys(patch.values));
  const preparation = await node.engine.prepare(node.ports, values, await readInForce(node), touched);
  const { warnings } = preparation;
  const problems = [...patch.problems, ...(preparation.ok ? [] : preparation.problems)];
  if (!preparation.ok || problems.length > 0)
    return { kind: "problems", invalid: patch.problems.length > 0, problems, warnings };
  const { prepared } = preparation;
  const changes = changesBetween(latest.values, values, prepared.target);
  const freeze = prepared.route === "reload" ? await freezeNow(node.db) : undefined;
  return {
    kind: "plan",
    changes,
    warnings,
    diff: differenceBetween(prepared.live ?? {}, prepared.rendered.files, "live", "wanted"),
    effect: await effectOf(node, prepared),
    checks: preparation.passed,
    risky: changes.some(isRisky),
    freeze: freeze ?? null,
  };
}

/** Opening a protocol shuts nobody out. */
function isRisky({ key, to }: Change): boolean {
  return settingOf(key).risk.level === "high" && !((key === "imap" || key === "pop3") && to === true);
}

async function effectOf(node: MailNode, prepared: Prepared): Promise<Effect> {
  const { route, changes, endsSessions, edited, effective, before, vanishing } = prepared;
  const open = (await openSessions(node.instance)) ?? null;
  const closed = changes.filter(({ need }) => need === "stop").map(({ key }): string => key);
  const ends = (protocol: string) =>
    route === "reload"
      ? endsSessions || closed.includes(protocol)
      : route === "stop" && closed.includes(protocol);
  const sessions = open && sessionsBy(open, ends);
  const sessionsEnded = sessions && sum(Object.values(sessions).map(({ ended }) => ended));
  const all = open?.length ?? null;
  const seen = effective.listeners.map((listener, index) => ({ listener, state: before[index]?.state }));
  const backRoute = backOf(prepared);
  return {
    route,
    sessionsEnded,
    sessions,
    closes: [
      ...seen
        .filter(({ listener, state }) => !listener.open && state === "open")
        .map(({ listener }) => listener),
      ...vanishing,
    ].map(listenerLabel),
    opens: seen
      .filter(({ listener, state }) => listener.open && state === "closed")
      .map(({ listener }) => listenerLabel(listener)),
    back: {
      route: backRoute,
      sessionsEnded: backRoute === "reload" ? (endsSessions ? all : 0) : sessionsEnded,
    },
    sentences: [
      effectSentence(route, sessionsEnded, endsSessions),
      ...(edited
        ? ["The generated file was edited by hand; applying needs --replace-edited and overwrites the edit."]
        : []),
    ],
  };
}

function effectSentence(route: Route, ended: number | null, endsSessions: boolean): string {
  switch (route) {
    case "none":
      return "Everything is so already: nothing would be reloaded.";
    case "stop":
      return `The ports close without a reload. ${sentenceFor(ended, "of that protocol would end at once")}`;
    case "reload":
      return endsSessions
        ? `Dovecot would be reloaded. ${sentenceFor(ended, "of the whole server would end six seconds later (shutdown_clients = yes)")}`
        : "Dovecot would be reloaded. Open sessions go on (shutdown_clients = no).";
  }
}

/** Going back is the same change the other way round: opening what was closed takes a reload. */
function backOf({ route, changes }: Prepared): Route {
  if (route === "none") return "none";
  const needs = changes
    .filter(({ key, need }) => need !== "nothing" && isSettingKey(key))
    .map(({ key, from, to }) => settingOf(key).needs(to, from));
  return needs.length > 0 && needs.every((need) => need === "stop") ? "stop" : "reload";
}

function sessionsBy(
  open: readonly { protocol: string }[],
  ends: (protocol: string) => boolean,
): NonNullable<Effect["sessions"]> {
  const sessions: NonNullable<Effect["sessions"]> = {
    imap: { open: 0, ended: 0 },
    pop3: { open: 0, ended: 0 },
  };
  for (const { protocol } of open) {
    const count = (sessions[protocol] ??= { open: 0, ended: 0 });
    count.open++;
    if (ends(protocol)) count.ended++;
  }
  return sessions;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function sentenceFor(count: number | null, what: string): string {
  if (count === null) return `How many open sessions ${what} is not known.`;
  return `${count} open ${count === 1 ? "session" : "sessions"} ${what}.`;
}
