import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { parseStored } from "@/lib/core/settings/schema";
import type { Database, Write } from "../database/client";

/** Who changes something, and by which way in. */
export interface Actor {
  name: string;
  origin: "page" | "cli" | "api" | "start" | "keeper" | "drift";
  /** The client's address; undefined where there is none or it isn't known. */
  from?: string | undefined;
  /** What he came by besides: a token's name, or the user before sudo. */
  via?: string | undefined;
}

/** An immutable state of the server's settings. */
export interface Revision {
  number: number;
  values: SettingsValues;
  author: string;
  origin: string;
  reason: string;
  createdAt: Date;
  /** The revision that it took back. */
  undoes: number | null;
}

/** The wanted state. There is always one: setting up a home writes the first. */
export async function latestRevision(db: Database | Write): Promise<Revision> {
  const row = await db.revision.findFirst({ orderBy: { number: "desc" } });
  if (!row)
    throw new Error(
      "The database holds no revision: this PORTCULLIS_HOME was never set up. Run `npm start` once.",
    );
  return toRevision(row);
}

export async function findRevision(db: Database, number: number): Promise<Revision | undefined> {
  const row = await db.revision.findUnique({ where: { number } });
  return row ? toRevision(row) : undefined;
}

export async function addRevision(
  write: Write,
  revision: {
    number: number;
    values: SettingsValues;
    actor: Actor;
    reason: string;
    sentences?: readonly string[];
    undoes?: number | undefined;
  },
): Promise<Revision> {
  const row = await write.revision.create({
    data: {
      number: revision.number,
      values: JSON.stringify(revision.values),
      author: revision.actor.name,
      origin: revision.actor.origin,
      reason: revision.reason,
      createdAt: new Date(),
      sentences: (revision.sentences ?? []).join("\n"),
      undoesNumber: revision.undoes ?? null,
    },
  });
  return toRevision(row);
}

interface RevisionRow {
  number: number;
  values: string;
  author: string;
  origin: string;
  reason: string;
  createdAt: Date;
  undoesNumber: number | null;
}

function toRevision(row: RevisionRow): Revision {
  const parsed = parseStored(JSON.parse(row.values));
  if (!parsed.ok) {
    throw new Error(
      `Revision ${row.number} can't be read: ${parsed.problems.map(({ message }) => message).join(" ")}`,
    );
  }
  const { number, author, origin, reason, createdAt, undoesNumber: undoes } = row;
  return { number, values: parsed.values, author, origin, reason, createdAt, undoes };
}
