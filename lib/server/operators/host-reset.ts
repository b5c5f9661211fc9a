import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { takeSecondFactor } from "./change";
import { linkToReset, type MadeLink, RESET_HOURS } from "./links";
import { hashPassword, writePassword } from "./passwords";

export interface HostReset {
  email: string;
  /** Null where the password was set at once. */
  link: MadeLink | null;
  sentences: string[];
}

/**
 * The way back in, for whoever has the host: a link for a new password or that password itself. A disabled operator is
 * enabled; the second factor goes only where that is asked for. Undefined where nobody has the address.
 */
export async function resetAtHost(
  db: Database,
  actor: Actor,
  email: string,
  { password, withSecondFactor }: { password: string | undefined; withSecondFactor: boolean },
): Promise<HostReset | undefined> {
  const hash = password === undefined ? undefined : await hashPassword(password);
  return await db.$transaction(async (write) => {
    const user = await write.user.findUnique({ where: { email } });
    if (!user) return undefined;
    const sentences: string[] = [];
    if (user.banned === true) {
      await write.user.update({
        where: { id: user.id },
        data: { banned: false, banReason: null, banExpires: null, updatedAt: new Date() },
      });
      sentences.push(`${email} is enabled.`);
    }
    if (withSecondFactor)
      sentences.push(...(await takeSecondFactor(write, user)).map((sentence) => `${sentence}.`));
    let link: MadeLink | null = null;
    if (hash === undefined) {
      link = await linkToReset(write, actor, user, RESET_HOURS);
      sentences.push(`${email} can set a new password by a link.`);
    } else {
      await writePassword(write, user.id, hash);
      const { count } = await write.session.deleteMany({ where: { userId: user.id } });
      sentences.push(`${email} has a new password; ${count.toLocaleString("en")} sessions ended.`);
    }
    await audit(write, { actor, action: "operator.reset", outcome: "done", sentences });
    return { email, link, sentences };
  });
}
