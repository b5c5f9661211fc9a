import type { Policy, Protocol, Rank, State, Suspension } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import type { Database, Write } from "../database/client";

/** Rows of the database as the core knows them, by subject. */
export interface SubjectRules {
  policies: Map<Subject, Policy[]>;
  suspensions: Map<Subject, Suspension[]>;
}

/** The rules of these subjects, ended ones among them. */
export async function rulesOf(db: Database | Write, subjects: readonly Subject[]): Promise<SubjectRules> {
  const wanted = JSON.stringify(subjects);
  const [policies, suspensions] = await Promise.all([
    db.$queryRaw<PolicyRow[]>`
      SELECT p."subject", p."protocol", p."state", p."until", c."actor", c."at",
        COALESCE(i."after"->>'$.reason', c."reason") AS "reason"
      FROM json_each(${wanted}) j JOIN "Policy" p ON p."subject" = j.value JOIN "AccessChange" c ON c."id" = p."changeId"
      LEFT JOIN "AccessChangeItem" i ON i."changeId" = p."changeId" AND i."subject" = p."subject"
        AND i."protocol" = p."protocol" AND i."kind" = 'policy' AND i."ref" = 0`,
    db.$queryRaw<SuspensionRow[]>`
      SELECT s."id", s."subject", s."protocol", s."rank", s."reason", s."ticket", s."until", c."actor", c."at"
      FROM json_each(${wanted}) j JOIN "Suspension" s ON s."subject" = j.value JOIN "AccessChange" c ON c."id" = s."changeId"
      ORDER BY s."id"`,
  ]);
  return { policies: grouped(policies.map(toPolicy)), suspensions: grouped(suspensions.map(toSuspension)) };
}

interface PolicyRow {
  subject: string;
  protocol: string;
  state: string;
  until: number | bigint | null;
  actor: string;
  at: string | Date;
  reason: string;
}

interface SuspensionRow extends Omit<PolicyRow, "state"> {
  id: number | bigint;
  rank: string;
  ticket: string;
}

function toPolicy({ subject, protocol, state, until, actor, at, reason }: PolicyRow): [Subject, Policy] {
  const by = { actor, at: isoOf(at), reason };
  return [subject, { protocol: protocol as Protocol, state: state as State, until: seconds(until), by }];
}

function toSuspension(row: SuspensionRow): [Subject, Suspension] {
  const { subject, protocol, rank, reason, ticket, until, actor, at } = row;
  return [
    subject,
    {
      id: Number(row.id),
      protocol: protocol as Protocol | "all",
      rank: rank as Rank,
      reason,
      ticket,
      until: seconds(until),
      by: { actor, at: isoOf(at), reason },
    },
  ];
}

function seconds(value: number | bigint | null): number | null {
  return value === null ? null : Number(value);
}

function isoOf(at: string | Date): string {
  return new Date(at).toISOString();
}

export function grouped<T>(entries: readonly (readonly [Subject, T])[]): Map<Subject, T[]> {
  const groups = new Map<Subject, T[]>();
  for (const [subject, entry] of entries) {
    const group = groups.get(subject);
    if (group) group.push(entry);
    else groups.set(subject, [entry]);
  }
  return groups;
}
