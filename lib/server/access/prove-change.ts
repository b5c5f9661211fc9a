import type { Protocol } from "@/lib/core/access/rules";
import { domainOfSubject, levelOf, type Subject } from "@/lib/core/access/subject";
import type { StepView } from "@/lib/core/access/views";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { MailNode } from "../node";
import { type ProofResult, prove } from "./prove";

/** Accounts of a domain, or of all, that are asked about after a change of its rule. */
const SAMPLE = 20;

/** Asks Dovecot right after a change about those whom it is about, and tells what it answered. Never fails. */
export async function proveChange(
  node: MailNode,
  subjects: readonly Subject[],
  protocols: readonly Protocol[],
): Promise<StepView[]> {
  const addresses = await sampleOf(node, subjects);
  if (addresses.length === 0)
    return [{ state: "unknown", sentence: "No account is known that Dovecot could be asked about." }];
  try {
    return proofSteps(await prove(node, addresses, protocols));
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return [{ state: "unknown", sentence: `Not proved: ${error.message}` }];
  }
}

async function sampleOf({ db }: MailNode, subjects: readonly Subject[]): Promise<string[]> {
  const samples = await Promise.all(
    subjects.slice(0, SAMPLE).map(async (subject) => {
      const level = levelOf(subject);
      if (level === "account") return [subject];
      const rows = await db.account.findMany({
        where: { vanishedAt: null, ...(level === "domain" ? { domain: domainOfSubject(subject) } : {}) },
        orderBy: { id: "asc" },
        take: SAMPLE,
      });
      return rows.map(({ address }) => address);
    }),
  );
  return [...new Set(samples.flat())];
}

/** What Dovecot answered, a line for each protocol; contradictions by name. */
export function proofSteps(results: readonly ProofResult[]): StepView[] {
  const protocols = [...new Set(results.map(({ protocol }) => protocol))];
  return protocols.flatMap((protocol) => {
    const of = results.filter((result) => result.protocol === protocol);
    const wrong = of.filter(({ differs }) => differs);
    if (wrong.length > 0) return wrong.map(contradiction);
    return [of.length === 1 && of[0] ? single(of[0]) : several(of)];
  });
}

function contradiction({ protocol, address, seen }: ProofResult): StepView {
  const would = seen === "allow" ? "would let it in" : "would refuse it";
  return {
    state: "bad",
    sentence: `Dovecot contradicts: asked about ${protocol.toUpperCase()} for ${address}, it ${would}.`,
  };
}

function single({ protocol, address, seen, by }: ProofResult): StepView {
  const name = protocol.toUpperCase();
  if (by === "closed-port")
    return { state: "good", sentence: `The ports of ${name} are closed to everybody.` };
  switch (seen) {
    case "allow":
      return { state: "good", sentence: `Dovecot was asked: it lets ${address} in by ${name}.` };
    case "deny":
      return { state: "good", sentence: `Dovecot was asked: it refuses ${name} for ${address}.` };
    case "no-such-user":
      return { state: "unknown", sentence: `Dovecot knows no ${address}; the rule holds if it comes to be.` };
    case "unknown":
      return {
        state: "unknown",
        sentence: `Dovecot could not say whether ${address} may use ${name}: it can't where passwords are checked by PAM. The rule is in the map that it asks at each login.`,
      };
  }
}

function several(of: readonly ProofResult[]): StepView {
  const name = of[0]?.protocol.toUpperCase() ?? "";
  const told = of.filter(({ seen }) => seen === "allow" || seen === "deny").length;
  if (of.every(({ seen }) => seen === "no-such-user"))
    return {
      state: "unknown",
      sentence: `Dovecot was asked about ${name} for ${of.length} of the accounts and knows none of them.`,
    };
  if (told === 0) return { state: "unknown", sentence: `Dovecot could not say who may use ${name}.` };
  return {
    state: "good",
    sentence: `Dovecot was asked about ${name} for ${told} of the accounts and agrees with each.`,
  };
}
