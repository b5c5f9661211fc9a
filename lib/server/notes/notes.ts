import { domainOfSubject, type Subject, subjectLabel } from "@/lib/core/access/subject";
import { MOST_NOTES, type NoteFacts, type NoteView, takesNotes } from "@/lib/core/notes/note";
import { coversSubject, type Role } from "@/lib/core/operators/roles";
import { Prisma } from "@/prisma/client/client";
import { isSubjectThere } from "../access/is-there";
import { grouped } from "../access/rows";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { jsonOf } from "../database/json-of";
import type { Actor } from "../mailserver/revisions";
import type { Scoped } from "../node";

/** Who writes or withdraws a note. `id` is the operator's; null for somebody at a shell. */
export interface NoteAuthor {
  actor: Actor;
  id: string | null;
  role: Role;
}

export type NoteResult =
  | { kind: "done"; note: NoteFacts }
  /** Out of scope, unknown or withdrawn: they look the same. */
  | { kind: "not-there" }
  | { kind: "refused"; sentence: string };

interface NoteRow {
  id: number;
  subject: string;
  text: string;
  ticket: string;
  actor: string;
  authorId: string | null;
  at: Date;
}

function noteFacts({ id, text, ticket, actor, at }: NoteRow): NoteFacts {
  return { id, text, ticket, actor, at: at.toISOString() };
}

/** Of these subjects, newest first. The caller has them from a query that knows the scope. */
export async function notesOf(
  db: Database,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<Subject, readonly NoteFacts[]>> {
  const rows = await jsonOf<
    [subject: string, id: number, text: string, ticket: string, actor: string, at: string][]
  >(
    db,
    Prisma.sql`
      SELECT json_group_array(json_array("subject", "id", "text", "ticket", "actor", "at")) FROM (
        SELECT n.* FROM json_each(${JSON.stringify(subjects)}) j CROSS JOIN "Note" n ON n."subject" = j.value
        ORDER BY n."id" DESC)`,
  );
  return grouped(
    rows.map(([subject, id, text, ticket, actor, at]) => [
      subject,
      { id, text, ticket, actor, at: new Date(at).toISOString() },
    ]),
  );
}

/** Of an account or a domain, newest first; undefined where it isn't there for whoever asks. */
export async function listNotes(scoped: Scoped, subject: Subject): Promise<NoteFacts[] | undefined> {
  if (!takesNotes(subject) || !(await isSubjectThere(scoped, subject))) return undefined;
  return [...((await notesOf(scoped.db, [subject])).get(subject) ?? [])];
}

/** For a page, which shows also what no listing has named. */
export async function noteViews(scoped: Scoped, subject: Subject, reader: NoteAuthor): Promise<NoteView[]> {
  if (!coversSubject(scoped.scope, subject)) return [];
  const rows = await scoped.db.note.findMany({ where: { subject }, orderBy: { id: "desc" } });
  return rows.map((row) => ({ ...noteFacts(row), mayWithdraw: mayWithdraw(row, reader) }));
}

export async function addNote(
  { db, scope }: Scoped,
  { subject, text, ticket }: { subject: Subject; text: string; ticket: string },
  author: NoteAuthor,
): Promise<NoteResult> {
  if (!takesNotes(subject) || !(await isSubjectThere({ db, scope }, subject))) return { kind: "not-there" };
  return await db.$transaction(async (write) => {
    if ((await write.note.count({ where: { subject } })) >= MOST_NOTES)
      return {
        kind: "refused",
        sentence: `${subjectLabel(subject)} has ${MOST_NOTES} notes: withdraw one that is of no use any more.`,
      };
    const row = await write.note.create({
      data: {
        subject,
        domain: domainOfSubject(subject),
        text,
        ticket,
        actor: author.actor.name,
        authorId: author.id,
        at: new Date(),
      },
    });
    await audit(write, {
      actor: author.actor,
      action: "note.add",
      outcome: "done",
      subject,
      sentences: [`Note ${row.id} beside ${subjectLabel(subject)}`],
      after: textLines(row),
    });
    return { kind: "done", note: noteFacts(row) };
  });
}

/** Whoever wrote it may, and an administrator. What it said stays in the audit. */
export async function withdrawNote(
  { db, scope }: Scoped,
  { id, subject }: { id: number; subject?: Subject },
  by: NoteAuthor,
): Promise<NoteResult> {
  return await db.$transaction(async (write) => {
    const row = await write.note.findFirst({
      where: {
        id,
        ...(subject === undefined ? {} : { subject }),
        ...(scope === null ? {} : { domain: { in: [...scope] } }),
      },
    });
    if (!row) return { kind: "not-there" };
    const told = {
      actor: by.actor,
      action: "note.withdraw",
      subject: row.subject,
      sentences: [`Note ${row.id} beside ${subjectLabel(row.subject)}, by ${row.actor}`],
    };
    if (!mayWithdraw(row, by)) {
      await audit(write, { ...told, outcome: "refused" });
      return { kind: "refused", sentence: `Only ${row.actor} and administrators may withdraw this note.` };
    }
    await write.note.delete({ where: { id } });
    await audit(write, { ...told, outcome: "done", before: textLines(row) });
    return { kind: "done", note: noteFacts(row) };
  });
}

function mayWithdraw({ authorId }: Pick<NoteRow, "authorId">, { id, role }: NoteAuthor): boolean {
  return role === "administrator" || (id !== null && authorId === id);
}

function textLines({ text, ticket }: NoteRow): string[] {
  return [text, ...(ticket === "" ? [] : [`Ticket ${ticket}`])];
}
