import type { Edit, WantedState } from "@/lib/core/access/edits";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import type { ChangeResult } from "@/lib/server/access/change";
import { changeRules as change } from "@/lib/server/access/change-rules";
import type { MailNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { shellActor } from "./arguments";
import type { Noun } from "./noun";
import type { Report } from "./report";

export interface RuleChange {
  noun: Noun;
  subject: Subject;
  edits: readonly Edit[];
  reason: string;
  /** Of every protocol that is set; undefined for no matter what it is. */
  expect?: WantedState | undefined;
  /** End the sessions that the rules then deny. */
  offNow: boolean;
  /** Ask Dovecot afterwards. */
  proof: boolean;
  json: boolean;
}

/** Changes rules of one account or domain and answers with what is then so. */
export async function changeRules(node: MailNode, request: RuleChange): Promise<void> {
  const { noun, subject, edits, reason, expect, offNow, proof, json } = request;
  const expected = edits.flatMap((edit) =>
    edit.kind === "policy" && expect !== undefined
      ? [{ subject: edit.subject, protocol: edit.protocol, state: expect }]
      : [],
  );
  const answer = await change(
    node,
    { actor: shellActor(), rank: "administrator", reason, edits, expected, subject, offNow, proof },
    (ask) => noun.report(node, subject, ask),
  );
  if (answer.kind !== "done") return refuse(answer, request);
  tellDone({ ...answer.done, ...answer.shown.json }, answer.shown, answer.isSeen, json);
}

/** What `set`, `suspend` and `resume` answer, here and over the API. */
export function tellDone(
  done: {
    change: number | null;
    sentences: readonly string[];
    troubles: readonly string[];
    notes: readonly string[];
    steps?: readonly { sentence: string }[] | undefined;
  },
  { summary }: Pick<Report, "summary">,
  isSeen: boolean,
  json: boolean,
): void {
  if (!isSeen) setExitCode(EXIT.notInForce);
  if (json) return printJson(done);
  print([
    done.change === null
      ? "It was so already; nothing was changed."
      : `Change ${done.change}: ${done.sentences.join("; ")}.`,
    ...(done.steps ?? []).map(({ sentence }) => sentence),
    ...summary,
  ]);
  if (done.troubles.length + done.notes.length > 0) note([...done.troubles, ...done.notes]);
}

function refuse(result: Exclude<ChangeResult, { kind: "done" }>, { json, expect }: RuleChange): void {
  if (result.kind === "not-allowed") {
    setExitCode(EXIT.refused);
    if (json) printJson({ outcome: "not-allowed", problems: [{ message: result.sentence }] });
    return note(`${result.sentence} Nothing was changed.`);
  }
  setExitCode(EXIT.conflict);
  if (json)
    printJson({
      outcome: "conflict",
      found: result.found.map(({ at, ...one }) => ({ ...one, at: at?.toISOString() ?? null })),
    });
  note([
    ...result.found.map(
      ({ subject, protocol, state, actor, at }) =>
        `${protocol.toUpperCase()} for ${subjectLabel(subject)} is ${state}, not ${expect}${at ? ` (by ${actor}, ${at.toISOString()})` : ""}.`,
    ),
    "Nothing was changed.",
  ]);
}
