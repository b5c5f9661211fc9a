import { PROTOCOLS } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import type { AccessAnswer } from "@/lib/core/access/views";
import { coversSubject } from "@/lib/core/operators/roles";
import type { MailNode } from "../node";
import { toneOf } from "./answer";
import { notYours } from "./change";
import { proveChange } from "./prove-change";

/** Asks Dovecot about an account, or a sample of a domain's accounts, without changing anything. */
export async function answerProof(node: MailNode, subject: Subject): Promise<AccessAnswer> {
  if (!coversSubject(node.scope, subject)) return { kind: "not-allowed", sentence: notYours(subject) };
  const steps = await proveChange(node, [subject], PROTOCOLS);
  return { kind: "done", tone: toneOf(steps), saved: "Dovecot was asked just now.", steps, changeId: null };
}
