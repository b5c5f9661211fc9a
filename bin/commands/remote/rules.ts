import { ApiProblem } from "@/lib/api-client/caller";
import type { ApiClient } from "@/lib/api-client/client";
import type { WantedState } from "@/lib/core/access/edits";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import type { AccountShownJson } from "@/lib/core/api/answers/accounts";
import type { DomainShownJson } from "@/lib/core/api/answers/domains";
import type { BodyInputOf } from "@/lib/core/api/routes";
import { accountLines } from "../accounts/report";
import { domainLines } from "../domains/report";
import { EXIT, note, printJson, setExitCode } from "../output";
import { tellDone } from "../rules/change";
import type { Noun } from "../rules/noun";
import type { Report } from "../rules/report";
import { kindOf } from "./panel";

/** What is told of an account or domain over the API; as `noun.report` on the host. */
export async function remoteReport(
  api: ApiClient,
  { word }: Noun,
  subject: Subject,
  ask: boolean,
): Promise<Report & { etag: string | null }> {
  const query = { proof: ask ? ("ask" as const) : ("last" as const) };
  if (word === "account") {
    const { body, etag } = await api.showAccount({ params: { address: subject }, query });
    return { json: body, ...accountLines(body), ...judgedAccount(body, ask), etag };
  }
  const { body, etag } = await api.showDomain({ params: { domain: subject }, query });
  return { json: body, ...domainLines(body), ...judgedDomain(body), etag };
}

function judgedAccount(facts: AccountShownJson, ask: boolean) {
  const proofs = PROTOCOLS.map((protocol) => facts[protocol].proof);
  return {
    contradicted: ask && proofs.some((one) => one !== null && isSaid(one.seen) && !one.matches),
    unproved: ask && (facts.trouble !== null || proofs.some((one) => one?.seen === "unknown")),
  };
}

function isSaid(seen: string): boolean {
  return seen === "allow" || seen === "deny";
}

function judgedDomain({ proof }: DomainShownJson) {
  return { contradicted: proof.some(({ state }) => state === "bad"), unproved: false };
}

export type RemoteAct =
  | { act: "set"; body: BodyInputOf<"setAccount">; expect?: WantedState | undefined }
  | { act: "suspend"; body: BodyInputOf<"suspendAccount"> }
  | { act: "resume"; body: BodyInputOf<"resumeAccount"> };

/** Does one act upon rules over the API, on top of what is there now, and answers as on the host. */
export async function changeRemotely(
  api: ApiClient,
  noun: Noun,
  subject: Subject,
  act: RemoteAct,
  json: boolean,
): Promise<void> {
  const now = await nowOf(api, noun, subject);
  if (act.act === "set" && act.expect !== undefined && !isExpected(now?.json, act.body, act.expect))
    return conflict(subject, act.expect, json);
  const ifMatch = now?.etag ? { ifMatch: now.etag } : {};
  const ask = act.body.proof ?? true;
  if (noun.word === "account") {
    const { body } = await onAccount(api, subject, act, ifMatch);
    return tellDone(body, accountLines(body), isSeen(body, judgedAccount(body, ask)), json);
  }
  const { body } = await onDomain(api, subject, act, ifMatch);
  tellDone(body, domainLines(body), isSeen(body, judgedDomain(body)), json);
}

function onAccount(
  api: ApiClient,
  address: Subject,
  { act, body }: RemoteAct,
  ifMatch: { ifMatch?: string },
) {
  const params = { address };
  if (act === "set") return api.setAccount({ params, body, ...ifMatch });
  if (act === "suspend") return api.suspendAccount({ params, body, ...ifMatch });
  return api.resumeAccount({ params, body, ...ifMatch });
}

function onDomain(api: ApiClient, domain: Subject, { act, body }: RemoteAct, ifMatch: { ifMatch?: string }) {
  const params = { domain };
  if (act === "set") return api.setDomain({ params, body, ...ifMatch });
  if (act === "suspend") return api.suspendDomain({ params, body, ...ifMatch });
  return api.resumeDomain({ params, body, ...ifMatch });
}

/** Undefined for one that isn't there yet: a rule can stand before it does. */
async function nowOf(api: ApiClient, noun: Noun, subject: Subject) {
  try {
    return await remoteReport(api, noun, subject, false);
  } catch (error) {
    if (error instanceof ApiProblem && kindOf(error) === "not-found") return undefined;
    throw error;
  }
}

function isExpected(
  facts: Record<string, unknown> | undefined,
  body: BodyInputOf<"setAccount">,
  expect: WantedState,
): boolean {
  return PROTOCOLS.filter((protocol) => body[protocol] !== undefined).every((protocol) => {
    const own = facts?.[protocol] as { override?: string; policy?: string } | undefined;
    return (own?.override ?? own?.policy ?? "inherit") === expect;
  });
}

function conflict(subject: Subject, expect: WantedState, json: boolean): void {
  setExitCode(EXIT.conflict);
  if (json) printJson({ outcome: "conflict", found: [] });
  note(`${subjectLabel(subject)} is not set to ${expect} now. Nothing was changed.`);
}

function isSeen(
  { enforced, steps = [] }: { enforced: boolean; steps?: { ok: boolean }[] | undefined },
  { unproved }: { unproved: boolean },
): boolean {
  return enforced && !unproved && steps.every(({ ok }) => ok);
}
