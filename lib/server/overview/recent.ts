import { historyQuery } from "@/lib/core/settings/history-query";
import { listChanges } from "../access/changes";
import { listHistory } from "../mailserver/history";
import type { Scoped } from "../node";

/** A change of settings or of accounts, and where all of it is told. */
export interface RecentChange {
  at: Date;
  actor: string;
  sentence: string;
  href: string;
}

/** The latest changes of both kinds, newest first; of the settings only for those who see all of the server. */
export async function recentChanges(scoped: Scoped, limit: number): Promise<RecentChange[]> {
  const query = historyQuery.parse({ limit: String(limit) });
  const [history, changes] = await Promise.all([
    query.ok && scoped.scope === null ? listHistory(scoped.db, query.query) : undefined,
    listChanges(scoped, { before: undefined, limit }),
  ]);
  return [
    ...(history?.entries ?? []).map(({ number, author, createdAt, sentences }) => ({
      at: createdAt,
      actor: author,
      sentence: sentences.join(", ") || `Revision ${number}`,
      href: `/mailserver/history/${number}`,
    })),
    ...changes.map(({ id, at, actor, sentence }) => ({ at, actor, sentence, href: `/changes/${id}` })),
  ]
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, limit);
}
