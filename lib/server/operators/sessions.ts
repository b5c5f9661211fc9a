import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";

/** Notes that the owner of a session proved once more who he is. */
export async function confirmSession(
  db: Database,
  actor: Actor,
  id: string,
  proof: "password" | "code" | "recovery-code" | "passkey",
): Promise<void> {
  const now = new Date();
  await db.$transaction(async (write) => {
    await write.session.updateMany({
      where: { id },
      data: { confirmedAt: now, ...(proof === "password" ? {} : { secondFactorAt: now }) },
    });
    await audit(write, {
      actor,
      action: "session.confirm",
      outcome: "done",
      sentences: [`By ${proof.replace("-", " ")}`],
    });
  });
}

/** Ends one of somebody's own sessions; false where there is none like it. */
export async function endOwnSession(
  db: Database,
  actor: Actor,
  userId: string,
  id: string,
): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const { count } = await write.session.deleteMany({ where: { id, userId } });
    if (count === 0) return false;
    await audit(write, {
      actor,
      action: "session.end",
      outcome: "done",
      sentences: ["One of the own sessions"],
    });
    return true;
  });
}

/** Ends all sessions of somebody but one, and returns how many. */
export async function endOtherSessions(
  db: Database,
  actor: Actor,
  userId: string,
  but: string,
): Promise<number> {
  return await db.$transaction(async (write) => {
    const { count } = await write.session.deleteMany({ where: { userId, id: { not: but } } });
    if (count > 0)
      await audit(write, {
        actor,
        action: "session.end",
        outcome: "done",
        sentences: [`${count.toLocaleString("en")} other sessions of the own`],
      });
    return count;
  });
}
