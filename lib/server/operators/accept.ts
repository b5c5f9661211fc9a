import { randomUUID } from "node:crypto";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { findLink, spendLink } from "./links";
import { hashPassword, writePassword } from "./passwords";
import { scopeFrom, scopeWords } from "./scope";

/** Makes the invited one an operator; undefined where the link is not good (any more). Returns the address. */
export async function acceptInvitation(
  db: Database,
  token: string,
  { name, password }: { name: string; password: string },
): Promise<string | undefined> {
  if (!(await findLink(db, "invite", token))) return undefined;
  const hash = await hashPassword(password);
  return await db.$transaction(async (write) => {
    const link = await findLink(write, "invite", token);
    if (!link || !(await spendLink(write, link.id))) return undefined;
    const { email, role, scope, createdBy } = link;
    if (await write.user.findUnique({ where: { email } })) return undefined;
    const now = new Date();
    const id = randomUUID();
    await write.user.create({
      data: { id, email, name, role, scope, emailVerified: false, createdAt: now, updatedAt: now },
    });
    await writePassword(write, id, hash);
    await audit(write, {
      actor: { name: email, origin: "page" },
      action: "operator.accept-invitation",
      outcome: "done",
      sentences: [`${email}, invited by ${createdBy}, is ${role} for ${scopeWords(scopeFrom(scope))}`],
    });
    return email;
  });
}

/** Sets the new password and ends the owner's sessions; undefined where the link is not good (any more). Returns the address. */
export async function resetByLink(
  db: Database,
  token: string,
  password: string,
): Promise<string | undefined> {
  if (!(await findLink(db, "reset", token))) return undefined;
  const hash = await hashPassword(password);
  return await db.$transaction(async (write) => {
    const link = await findLink(write, "reset", token);
    if (!link?.userId || !(await spendLink(write, link.id))) return undefined;
    await writePassword(write, link.userId, hash);
    await write.session.deleteMany({ where: { userId: link.userId } });
    await audit(write, {
      actor: { name: link.email, origin: "page" },
      action: "operator.reset-password",
      outcome: "done",
      sentences: [`New password by the link that ${link.createdBy} made; all sessions ended`],
    });
    return link.email;
  });
}
