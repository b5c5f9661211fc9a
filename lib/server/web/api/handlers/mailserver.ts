import type { BodyOf } from "@/lib/core/api/routes";
import { changesBetween } from "@/lib/core/settings/changes";
import { readPatch } from "@/lib/core/settings/schema";
import { listHistory, revisionFacts } from "../../../mailserver/history";
import { historyEntryFacts } from "../../../mailserver/history-facts";
import { planMailserver } from "../../../mailserver/plan";
import { planFacts } from "../../../mailserver/plan-facts";
import { findRevision, latestRevision } from "../../../mailserver/revisions";
import { type SaveResult, saveMailserver } from "../../../mailserver/save";
import { saveFacts } from "../../../mailserver/save-facts";
import { undoRevision } from "../../../mailserver/undo";
import type { MailNode } from "../../../node";
import type { Context, Handler } from "../context";
import { invalid, notFound, Problem } from "../problem";

async function version({ node }: { node: MailNode }): Promise<string> {
  return String((await latestRevision(node.db)).number);
}

/** What was saved since a revision, and what was asked for. */
async function difference(node: MailNode, seen: string | undefined, patch: unknown) {
  const latest = await latestRevision(node.db);
  const number = Number(seen);
  const base = Number.isSafeInteger(number) ? await findRevision(node.db, number) : undefined;
  const from = base ?? latest;
  return {
    theirs: changesBetween(from.values, latest.values),
    yours: changesBetween(from.values, { ...from.values, ...readPatch(patch).values }),
  };
}

type Confirmed = Pick<
  BodyOf<"setMailserver">,
  "reason" | "authenticationOnly" | "acceptWarnings" | "replaceEdited" | "duringFreeze" | "keepWithin"
>;

function requestOf(
  { reason, authenticationOnly, acceptWarnings, replaceEdited, duringFreeze, keepWithin }: Confirmed,
  { actor }: Pick<Context<"setMailserver">, "actor">,
) {
  return { reason, authenticationOnly, acceptWarnings, replaceEdited, duringFreeze, keepWithin, actor };
}

/** The settings as they are in force then; anything else is a problem that carries what came of it. */
function inForce(result: SaveResult) {
  const facts = saveFacts(result);
  if (facts.isInForce) return facts.json;
  const { json } = facts;
  switch (json.outcome) {
    case "conflict":
      throw new Problem(
        "stale",
        `${json.author} saved revision ${json.revision} in between. Nothing was changed.`,
        {
          etag: `"${json.revision}"`,
          difference: { theirs: json.theirs, yours: json.yours },
          result: json,
        },
      );
    case "invalid":
      throw new Problem("invalid", sentences(json.problems, "Nothing was saved or changed."), {
        errors: json.problems.map(({ key, message }) => ({ field: key, detail: message })),
        result: json,
      });
    case "needs-confirmation":
      throw new Problem(
        "refused",
        sentences(
          json.warnings,
          `Nothing was changed. It needs ${[json.authenticationOnly ? "authenticationOnly" : "", json.warnings.length > 0 ? "acceptWarnings" : ""].filter(Boolean).join(" and ")}.`,
        ),
        { result: json },
      );
    case "rejected":
      if (json.saved) throw new Problem("not-in-force", sentences(json.problems), { result: json });
      throw new Problem("refused", sentences(json.problems, "Nothing was saved or changed."), {
        result: json,
      });
    case "rolled-back":
    case "stuck":
      throw new Problem("not-in-force", json.reason, { result: json });
  }
}

function sentences(problems: readonly { message: string }[], last = ""): string {
  return [...problems.map(({ message }) => message), last].filter(Boolean).join(" ");
}

export const mailserverHandlers = {
  getMailserver: {
    async run({ node }) {
      const { number, values } = await latestRevision(node.db);
      return { body: { revision: number, settings: values }, etag: String(number) };
    },
  } satisfies Handler<"getMailserver">,
  planMailserver: {
    async run({ node, body: { settings } }) {
      const plan = await planMailserver(node, settings);
      if (plan.kind === "plan") return { body: await planFacts(node, plan) };
      if (plan.invalid) throw invalid(plan.problems);
      throw new Problem("refused", sentences([...plan.problems, ...plan.warnings]));
    },
  } satisfies Handler<"planMailserver">,
  setMailserver: {
    version,
    difference: ({ node, version: seen, body }) => difference(node, seen, body.settings),
    async run(context) {
      const { node, body, version: seen } = context;
      const result = await saveMailserver(node, {
        ...requestOf(body, context),
        patch: body.settings,
        baseRevision: seen === undefined ? undefined : Number(seen),
      });
      return { body: inForce(result), etag: await version(context) };
    },
  } satisfies Handler<"setMailserver">,
  listRevisions: {
    async run({ node, query: { after, ...query }, next }) {
      const { entries, older } = await listHistory(node.db, { ...query, before: after });
      return {
        body: { items: entries.map(historyEntryFacts), next: older === null ? null : next(String(older)) },
      };
    },
  } satisfies Handler<"listRevisions">,
  showRevision: {
    async run({ node, params: { number } }) {
      const facts = await revisionFacts(node.db, number);
      if (!facts) throw notFound(`revision ${number}`);
      const { revision, parent, attempts: _attempts, ...entry } = facts;
      return {
        body: {
          ...historyEntryFacts(entry),
          settings: revision.values,
          changes: parent ? changesBetween(parent.values, revision.values) : [],
        },
      };
    },
  } satisfies Handler<"showRevision">,
  undoRevision: {
    version,
    difference: ({ node, version: seen }) => difference(node, seen, {}),
    async run(context) {
      const { node, body, params } = context;
      const undone = await undoRevision(node, {
        ...requestOf(body, context),
        number: params.number,
        conflicts: body.conflicts,
      });
      const undoes = params.number;
      switch (undone.kind) {
        case "unknown":
          throw notFound(`revision ${undoes}`);
        case "first":
          throw new Problem(
            "not-possible",
            "Revision 1 is the first: there is nothing before it to go back to.",
          );
        case "nothing":
          return { body: { outcome: "nothing", undoes, saved: false }, etag: await version(context) };
        case "overtaken":
          throw new Problem(
            "not-possible",
            "Settings that it changed were changed again since. Nothing was changed: say by `conflicts` what becomes of them.",
            { difference: { conflicts: undone.plan.conflicts.map(conflictOf) } },
          );
        case "saved": {
          const conflicts = undone.plan.conflicts.map(conflictOf);
          return { body: { ...inForce(undone.result), undoes, conflicts }, etag: await version(context) };
        }
      }
    },
  } satisfies Handler<"undoRevision">,
};

function conflictOf<T extends { by: { number: number; author: string; createdAt: Date } }>({
  by,
  ...conflict
}: T) {
  return {
    ...conflict,
    by: { number: by.number, author: by.author, createdAt: by.createdAt.toISOString() },
  };
}
