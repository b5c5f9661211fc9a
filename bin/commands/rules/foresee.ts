import { decide } from "@/lib/core/access/decide";
import { editSentence, type PolicyEdit } from "@/lib/core/access/edits";
import { afterAct } from "@/lib/core/access/foresee";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { EVERYBODY, levelOf, type Subject, subjectsFor } from "@/lib/core/access/subject";
import { layersFrom } from "@/lib/server/access/layers";
import { rulesOf } from "@/lib/server/access/rows";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import type { MailNode } from "@/lib/server/node";
import { tellInstant } from "@/lib/server/tell-instant";
import { type ImpactScope, protocolImpact } from "@/lib/server/use/impact";
import { impactLines } from "../impact";
import { print, printJson } from "../output";

/** Tells what edits would come to; of a domain, for an account there without a rule of its own. Changes nothing. */
export async function foresee(
  node: MailNode,
  subject: Subject,
  edits: readonly PolicyEdit[],
  json: boolean,
): Promise<void> {
  const { db } = node;
  const level = levelOf(subject);
  const subjects = placesOf(subject);
  const [rules, { values }] = await Promise.all([rulesOf(db, subjects), latestRevision(db)]);
  const before = layersFrom(rules, values, subjects);
  const after = edits.reduce(
    (layers, { protocol, state, until }) =>
      afterAct({ kind: "policy", protocols: [protocol], state, until }, layers, level),
    before,
  );
  const now = Date.now() / 1000;
  const states = PROTOCOLS.map((protocol) => {
    const then = decide(protocol, after, now, tellInstant);
    return { protocol, now: decide(protocol, before, now, tellInstant).effective, ...then };
  });
  const closed = states.filter((state) => state.now === "allow" && state.effective === "deny");
  const impacts = await Promise.all(
    closed.map(({ protocol }) => protocolImpact(node, protocol, scopeOf(subject))),
  );
  const sentences = edits.map((edit) => editSentence(edit, tellInstant));
  if (json)
    return printJson({
      dryRun: true,
      sentences,
      impacts,
      ...Object.fromEntries(states.map(({ protocol, ...state }) => [protocol, state])),
    });
  print([
    `Would be done: ${sentences.join("; ")}.`,
    ...states.map(
      ({ protocol, now: is, effective, because }) =>
        `  ${protocol.toUpperCase()}  ${is === effective ? `${is} as now` : `${is} now, then ${effective}`}: ${because}`,
    ),
    ...impacts.flatMap(impactLines),
    "Nothing was changed.",
  ]);
}

function scopeOf(subject: Subject): ImpactScope {
  const level = levelOf(subject);
  if (level === "server") return {};
  return level === "account" ? { address: subject } : { domain: subject.slice(1) };
}

/** Whose rules bear on a subject. No account is named "", and no domain "" without its "@". */
function placesOf(subject: Subject): readonly [Subject, Subject, Subject] {
  const level = levelOf(subject);
  if (level === "account") return subjectsFor(subject);
  return ["", level === "domain" ? subject : "", EVERYBODY];
}
