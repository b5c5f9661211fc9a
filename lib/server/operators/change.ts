import type { Role, Scope } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Database, Write } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { linkToReset, type MadeLink, RESET_HOURS } from "./links";
import { scopeFrom, scopeText, scopeWords } from "./scope";

export type ChangeResult = { ok: true; sentences: string[] } | { ok: false; message: string };

/** What somebody may do, as a form was opened on it: whoever changed it in between is not overwritten. */
export function standingOf({ role, scope }: { role: string | null; scope: string | null }): string {
  return JSON.stringify([role, scope]);
}

const GONE = "This operator was removed.";
const LAST =
  "This is the last administrator who can sign in and is responsible for the whole server. Make another one first.";

/** Changes role and domains. `was` is `standingOf` when the form was opened. */
export async function changeRole(
  db: Database,
  actor: Actor,
  id: string,
  { role, scope, was }: { role: Role; scope: Scope; was?: string },
): Promise<ChangeResult> {
  return await changing(db, actor, "operator.change-role", id, async (write, user) => {
    if (was !== undefined && was !== standingOf(user))
      return { ok: false, message: "Somebody changed it in between: see what it is now, and set it again." };
    const sentences = [
      ...(user.role === role ? [] : [`${user.email}: role ${user.role ?? "none"} → ${role}`]),
      ...(user.scope === scopeText(scope)
        ? []
        : [`${user.email}: responsible for ${scopeWords(scopeFrom(user.scope))} → ${scopeWords(scope)}`]),
    ];
    await write.user.update({
      where: { id },
      data: { role, scope: scopeText(scope), updatedAt: new Date() },
    });
    return { ok: true, sentences };
  });
}

/** Ends the sessions of somebody and lets no new one begin. */
export async function disable(db: Database, actor: Actor, id: string): Promise<ChangeResult> {
  return await changing(db, actor, "operator.disable", id, async (write, user) => {
    await write.user.update({ where: { id }, data: { banned: true, updatedAt: new Date() } });
    const { count } = await write.session.deleteMany({ where: { userId: id } });
    return user.banned === true
      ? { ok: true, sentences: [] }
      : { ok: true, sentences: [`${user.email} is disabled`, ...endedWords(count)] };
  });
}

export async function enable(db: Database, actor: Actor, id: string): Promise<ChangeResult> {
  return await changing(db, actor, "operator.enable", id, async (write, user) => {
    await write.user.update({
      where: { id },
      data: { banned: false, banReason: null, banExpires: null, updatedAt: new Date() },
    });
    return { ok: true, sentences: user.banned === true ? [`${user.email} is enabled`] : [] };
  });
}

/** Removes somebody who is disabled; what he did stays in history and audit. */
export async function remove(db: Database, actor: Actor, id: string): Promise<ChangeResult> {
  return await changing(db, actor, "operator.remove", id, async (write, user) => {
    if (user.banned !== true) return { ok: false, message: "Disable the operator first." };
    await write.user.delete({ where: { id } });
    return { ok: true, sentences: [`${user.email} is removed`] };
  });
}

export async function endSessionsOf(db: Database, actor: Actor, id: string): Promise<ChangeResult> {
  return await changing(db, actor, "operator.end-sessions", id, async (write, user) => {
    const { count } = await write.session.deleteMany({ where: { userId: id } });
    return { ok: true, sentences: count === 0 ? [] : [`${user.email}:`, ...endedWords(count)] };
  });
}

/** Removes codes, recovery codes and passkeys, for somebody who lost them. */
export async function removeSecondFactor(db: Database, actor: Actor, id: string): Promise<ChangeResult> {
  return await changing(db, actor, "operator.remove-second-factor", id, async (write, user) => {
    const sentences = await takeSecondFactor(write, user);
    return { ok: true, sentences };
  });
}

export async function takeSecondFactor(write: Write, user: { id: string; email: string }): Promise<string[]> {
  const where = { userId: user.id };
  const codes = await write.twoFactor.deleteMany({ where });
  const passkeys = await write.passkey.deleteMany({ where });
  await write.user.update({ where: { id: user.id }, data: { twoFactorEnabled: false } });
  if (codes.count + passkeys.count === 0) return [];
  const ended = await write.session.deleteMany({ where });
  return [`${user.email}: second factor and passkeys removed`, ...endedWords(ended.count)];
}

/** A link by which somebody sets a new password, made by an administrator. */
export async function makeResetLink(
  db: Database,
  actor: Actor,
  id: string,
): Promise<({ ok: true } & MadeLink) | { ok: false; message: string }> {
  return await db.$transaction(async (write) => {
    const user = await write.user.findUnique({ where: { id } });
    if (!user) return { ok: false, message: GONE };
    const link = await linkToReset(write, actor, user, RESET_HOURS);
    await audit(write, {
      actor,
      action: "operator.make-reset-link",
      outcome: "done",
      sentences: [`${user.email} can set a new password by a link, for ${RESET_HOURS} hours`],
    });
    return { ok: true, ...link };
  });
}

type Row = NonNullable<Awaited<ReturnType<Write["user"]["findUnique"]>>>;

/** Thrown to take a transaction back: only after it is done can be seen whether an administrator is left. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * A change of one operator, with its audit, in one transaction: writers come one after the other, so that of two who
 * would each remove the other only one gets to.
 */
async function changing(
  db: Database,
  actor: Actor,
  action: string,
  id: string,
  change: (write: Write, user: Row) => Promise<ChangeResult>,
): Promise<ChangeResult> {
  let email = id;
  try {
    return await db.$transaction(async (write) => {
      const user = await write.user.findUnique({ where: { id } });
      if (!user) throw new Refusal(GONE);
      email = user.email;
      const result = await change(write, user);
      if (!result.ok) throw new Refusal(result.message);
      if ((await administrators(write)) === 0) throw new Refusal(LAST);
      if (result.sentences.length > 0)
        await audit(write, { actor, action, outcome: "done", sentences: result.sentences });
      return result;
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await audit(db, { actor, action, outcome: "refused", sentences: [`${email}: ${error.message}`] });
    return { ok: false, message: error.message };
  }
}

/** Those who can sign in and change everything. */
async function administrators(write: Write): Promise<number> {
  return await write.user.count({
    where: { role: "administrator", scope: null, OR: [{ banned: null }, { banned: false }] },
  });
}

function endedWords(count: number): string[] {
  return count === 0
    ? []
    : [count === 1 ? "1 session ended" : `${count.toLocaleString("en")} sessions ended`];
}
