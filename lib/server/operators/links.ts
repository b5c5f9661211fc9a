import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Role, Scope } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Database, Write } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { tellInstant } from "../tell-instant";
import { scopeText, scopeWords } from "./scope";

/** Hours for which a reset link is good. */
export const RESET_HOURS = 24;
const HOUR_MS = 60 * 60_000;
const TOKEN_BYTES = 32;
const LONGEST_TOKEN = 100;

export interface MadeLink {
  /** Secret, and known only now: the database has a digest. */
  token: string;
  expiresAt: Date;
}

export type InviteResult = ({ ok: true } & MadeLink) | { ok: false; message: string };

interface Invitation {
  email: string;
  role: Role;
  scope: Scope;
  days: number;
}

/** Makes a link that makes an operator. An earlier one for the same address ends. */
export async function invite(
  db: Database,
  actor: Actor,
  { email, role, scope, days }: Invitation,
): Promise<InviteResult> {
  return await db.$transaction(async (write) => {
    if (await write.user.findUnique({ where: { email } }))
      return { ok: false, message: "Somebody with this address is an operator already." };
    const facts = { email, role, scope: scopeText(scope), kind: "invite" };
    const link = await makeLink(write, actor, facts, days * 24);
    await audit(write, {
      actor,
      action: "operator.invite",
      outcome: "done",
      sentences: [
        `${email} is invited as ${role} for ${scopeWords(scope)}, until ${tellInstant(link.expiresAt.getTime() / 1000)}`,
      ],
    });
    return { ok: true, ...link };
  });
}

/** Makes a link by which somebody sets a new password. The one that he has stays until then. */
export async function linkToReset(
  write: Write,
  actor: Actor,
  user: { id: string; email: string },
  hours: number,
): Promise<MadeLink> {
  return await makeLink(write, actor, { kind: "reset", email: user.email, userId: user.id }, hours);
}

async function makeLink(
  write: Write,
  actor: Actor,
  facts: { kind: string; email: string; userId?: string; role?: string; scope?: string | null },
  hours: number,
): Promise<MadeLink> {
  const now = new Date();
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const expiresAt = new Date(now.getTime() + hours * HOUR_MS);
  const { kind, email } = facts;
  await write.operatorLink.updateMany({
    where: { kind, email, usedAt: null, withdrawnAt: null },
    data: { withdrawnAt: now },
  });
  await write.operatorLink.create({
    data: {
      id: randomUUID(),
      ...facts,
      tokenHash: digest(token),
      createdBy: actor.name,
      createdAt: now,
      expiresAt,
    },
  });
  return { token, expiresAt };
}

/** The link of a token, where it is still good. */
export async function findLink(db: Database | Write, kind: "invite" | "reset", token: string) {
  if (token.length > LONGEST_TOKEN) return undefined;
  const link = await db.operatorLink.findUnique({ where: { tokenHash: digest(token) } });
  const isGood =
    link?.kind === kind && link.usedAt === null && link.withdrawnAt === null && link.expiresAt > new Date();
  return isGood ? link : undefined;
}

/** Uses a link up; false where somebody else did, or it ended. */
export async function spendLink(write: Write, id: string): Promise<boolean> {
  const now = new Date();
  const { count } = await write.operatorLink.updateMany({
    where: { id, usedAt: null, withdrawnAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/** Ends an invitation that nobody accepted. False where there is none any more. */
export async function withdrawInvitation(db: Database, actor: Actor, id: string): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const link = await write.operatorLink.findUnique({ where: { id } });
    const { count } = await write.operatorLink.updateMany({
      where: { id, kind: "invite", usedAt: null, withdrawnAt: null },
      data: { withdrawnAt: new Date() },
    });
    if (count === 0 || !link) return false;
    await audit(write, {
      actor,
      action: "operator.withdraw-invitation",
      outcome: "done",
      sentences: [`${link.email} can't accept the invitation any more`],
    });
    return true;
  });
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
