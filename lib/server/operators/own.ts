import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { hashPassword, isPasswordOf, writePassword } from "./passwords";

export async function changeOwnName(db: Database, actor: Actor, userId: string, name: string): Promise<void> {
  await db.$transaction(async (write) => {
    const before = await write.user.findUniqueOrThrow({ where: { id: userId } });
    if (before.name === name) return;
    await write.user.update({ where: { id: userId }, data: { name, updatedAt: new Date() } });
    await audit(write, {
      actor,
      action: "self.change-name",
      outcome: "done",
      sentences: [`Name: ${before.name} → ${name}`],
    });
  });
}

/** False for a wrong present password. The sessions of the owner end, but for the one that is named. */
export async function changeOwnPassword(
  db: Database,
  actor: Actor,
  { userId, session }: { userId: string; session: string },
  { current, password }: { current: string; password: string },
): Promise<boolean> {
  if (!(await isPasswordOf(db, userId, current))) {
    await audit(db, { actor, action: "self.change-password", outcome: "refused", sentences: [] });
    return false;
  }
  const hash = await hashPassword(password);
  await db.$transaction(async (write) => {
    await writePassword(write, userId, hash);
    await write.session.deleteMany({ where: { userId, id: { not: session } } });
    await audit(write, { actor, action: "self.change-password", outcome: "done", sentences: [] });
  });
  return true;
}
