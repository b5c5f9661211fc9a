import type { PolicyEdit } from "@/lib/core/access/edits";
import { policyRow } from "@/lib/core/access/map-rows";
import type { State } from "@/lib/core/access/rules";
import { domainOfSubject, levelOf } from "@/lib/core/access/subject";
import type { Write } from "../database/client";
import { writeItems } from "./change-items";
import type { Written } from "./commit-edits";

/** Sets, replaces and removes policies, however many, in a handful of statements. */
export async function writePolicies(
  write: Write,
  changeId: number,
  edits: readonly PolicyEdit[],
): Promise<Written> {
  if (edits.length === 0) return { changed: 0, remove: [], put: [] };
  const before = await currentPolicies(write, edits);
  const changing = edits.filter((edit) => !isSo(before.get(keyOf(edit)), edit));
  const gone = changing.filter(({ state }) => state === "inherit");
  const kept = changing.filter(({ state }) => state !== "inherit");

  await write.$executeRaw`
    DELETE FROM "Policy" WHERE ("subject", "protocol") IN (
      SELECT j.value->>'$.subject', j.value->>'$.protocol' FROM json_each(${JSON.stringify(gone)}) j)`;
  const rows = kept.map(({ subject, protocol, state, until }) => [
    subject,
    protocol,
    levelOf(subject),
    domainOfSubject(subject),
    state,
    until,
  ]);
  await write.$executeRaw`
    INSERT INTO "Policy" ("subject", "protocol", "level", "domain", "state", "until", "changeId")
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, ${changeId}
    FROM json_each(${JSON.stringify(rows)}) j WHERE true
    ON CONFLICT ("subject", "protocol") DO UPDATE SET
      "state" = excluded."state", "until" = excluded."until", "changeId" = excluded."changeId"`;
  await writeItems(
    write,
    changeId,
    changing.map((edit) => ({
      subject: edit.subject,
      protocol: edit.protocol,
      kind: "policy",
      ref: 0,
      before: before.get(keyOf(edit)) ?? null,
      after: edit.state === "inherit" ? null : factsOf(edit, edit.state),
    })),
  );
  return {
    changed: changing.length,
    remove: gone.map(({ subject, protocol }) => ({ k: subject, proto: protocol, kind: 1 as const })),
    put: kept.map(({ subject, protocol, state, until }) =>
      policyRow(subject, { protocol, state: state as State, until }),
    ),
  };
}

/** What a policy says, as history keeps it. */
export interface PolicyFacts {
  state: State;
  until: number | null;
  /** Of its own, where its change has another for all. */
  reason?: string;
}

function factsOf({ until, reason }: PolicyEdit, state: State): PolicyFacts {
  return reason ? { state, until, reason } : { state, until };
}

function keyOf({ subject, protocol }: Pick<PolicyEdit, "subject" | "protocol">): string {
  return `${protocol} ${subject}`;
}

function isSo(before: PolicyFacts | undefined, { state, until }: PolicyEdit): boolean {
  if (state === "inherit") return before === undefined;
  return before?.state === state && before.until === until;
}

async function currentPolicies(
  write: Write,
  edits: readonly PolicyEdit[],
): Promise<Map<string, PolicyFacts>> {
  const rows = await write.$queryRaw<
    { subject: string; protocol: PolicyEdit["protocol"]; state: State; until: number | bigint | null }[]
  >`SELECT p."subject", p."protocol", p."state", p."until" FROM json_each(${JSON.stringify(
    edits.map(({ subject, protocol }) => [subject, protocol]),
  )}) j JOIN "Policy" p ON p."subject" = j.value->>0 AND p."protocol" = j.value->>1`;
  return new Map(
    rows.map((row) => [
      keyOf(row),
      { state: row.state, until: row.until === null ? null : Number(row.until) },
    ]),
  );
}
