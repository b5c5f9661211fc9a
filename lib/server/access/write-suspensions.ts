import type { SuspendEdit } from "@/lib/core/access/edits";
import { suspensionRows } from "@/lib/core/access/map-rows";
import type { Suspension } from "@/lib/core/access/rules";
import { domainOfSubject, levelOf, type Subject } from "@/lib/core/access/subject";
import type { Write } from "../database/client";
import { writeItems } from "./change-items";
import type { Written } from "./commit-edits";
import { grouped } from "./rows";

/** Adds suspensions; each is one of its own, so that it can be lifted without touching another. */
export async function writeSuspensions(
  write: Write,
  changeId: number,
  edits: readonly SuspendEdit[],
): Promise<Written> {
  if (edits.length === 0) return { changed: 0, remove: [], put: [] };
  const rows = edits.map(({ subject, protocol, rank, reason, ticket, until }) => [
    subject,
    protocol,
    levelOf(subject),
    domainOfSubject(subject),
    rank,
    reason,
    ticket,
    until,
  ]);
  const added = await write.$queryRaw<AddedRow[]>`
    INSERT INTO "Suspension" ("subject", "protocol", "level", "domain", "rank", "reason", "ticket", "until", "changeId")
    SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6, j.value->>7, ${changeId}
    FROM json_each(${JSON.stringify(rows)}) j WHERE true
    RETURNING "id", "subject", "protocol", "rank", "reason", "ticket", "until"`;
  await writeItems(
    write,
    changeId,
    added.map((row) => ({
      subject: row.subject,
      protocol: row.protocol,
      kind: "suspension",
      ref: Number(row.id),
      before: null,
      after: factsOf({ ...row, until: row.until === null ? null : Number(row.until) }),
    })),
  );
  return {
    changed: added.length,
    ...(await suspensionDelta(
      write,
      edits.map(({ subject }) => subject),
    )),
  };
}

interface AddedRow extends Omit<SuspensionFacts, "until"> {
  id: number | bigint;
  subject: Subject;
  until: number | bigint | null;
}

/** What a suspension says, as history keeps it. */
export type SuspensionFacts = Pick<Suspension, "protocol" | "rank" | "reason" | "ticket" | "until">;

export function factsOf({ protocol, rank, reason, ticket, until }: SuspensionFacts): SuspensionFacts {
  return { protocol, rank, reason, ticket, until };
}

/** The map's suspension rows of these subjects, made anew from what the database now holds. */
export async function suspensionDelta(
  write: Write,
  subjects: readonly Subject[],
): Promise<Pick<Written, "remove" | "put">> {
  const unique = [...new Set(subjects)];
  const left = await write.$queryRaw<
    { subject: Subject; protocol: Suspension["protocol"]; until: number | bigint | null }[]
  >`SELECT s."subject", s."protocol", s."until"
    FROM json_each(${JSON.stringify(unique)}) j JOIN "Suspension" s ON s."subject" = j.value`;
  const bySubject = grouped(
    left.map(({ subject, protocol, until }) => [
      subject,
      { protocol, until: until === null ? null : Number(until) },
    ]),
  );
  const put = unique.flatMap((subject) => suspensionRows(subject, bySubject.get(subject) ?? []));
  const remove = unique.flatMap((k) =>
    (["imap", "pop3", "all"] as const).map((proto) => ({ k, proto, kind: 0 as const })),
  );
  return { remove, put };
}
