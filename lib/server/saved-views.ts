import { randomUUID } from "node:crypto";
import type { Database } from "./database/client";

/** A list's filter under a name, for the operator who saved it. `query` is the part of a URL after the path. */
export interface SavedView {
  id: string;
  name: string;
  query: string;
}

export async function savedViews(db: Database, page: string, owner: string): Promise<SavedView[]> {
  return await db.savedView.findMany({
    where: { page, owner },
    orderBy: { name: "asc" },
    select: { id: true, name: true, query: true },
  });
}

/** Saves a view, over one of the same name. */
export async function saveView(
  db: Database,
  { page, owner, name, query }: { page: string; owner: string; name: string; query: string },
): Promise<void> {
  await db.savedView.upsert({
    where: { page_owner_name: { page, owner, name } },
    create: { id: randomUUID(), page, owner, name, query, createdAt: new Date() },
    update: { query },
  });
}

/** Removes one of the owner's own. */
export async function removeView(db: Database, owner: string, id: string): Promise<void> {
  await db.savedView.deleteMany({ where: { id, owner } });
}
