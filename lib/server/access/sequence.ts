import type { Write } from "../database/client";
import type { MailNode } from "../node";

/** Counts one more transaction upon the access data; the map of the node must come to carry the same number. */
export async function nextSequence(write: Write, { name }: Pick<MailNode, "name">): Promise<number> {
  const { sequence } = await write.accessState.upsert({
    where: { node: name },
    create: { node: name, sequence: 1 },
    update: { sequence: { increment: 1 } },
  });
  return sequence;
}

export async function wantedSequence({ db, name }: Pick<MailNode, "db" | "name">): Promise<number> {
  return (await db.accessState.findUnique({ where: { node: name } }))?.sequence ?? 0;
}
