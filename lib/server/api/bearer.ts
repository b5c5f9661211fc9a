import { isInScope, isRole, mayDo, type Permission, type Role, type Scope } from "@/lib/core/operators/roles";
import type { Database } from "../database/client";
import { scopeFrom } from "../operators/scope";
import { hashOf, lowerOf, PREFIX, type TokenOwner } from "./tokens";

/** Whoever asks by a token, with what he may do now: never more than the token's owner may at this moment. */
export interface Bearer {
  tokenId: string;
  tokenName: string;
  ownerId: string;
  email: string;
  role: Role;
  scope: Scope;
  writes: boolean;
  expiresAt: Date;
}

/** So often at most its last use is written. */
const USED_EVERY_MS = 60_000;

/** Undefined for a token that is unknown, over, revoked, or of an owner who is disabled. */
export async function bearerOf(db: Database, secret: string): Promise<Bearer | undefined> {
  if (!secret.startsWith(PREFIX)) return undefined;
  const row = await db.apiToken.findUnique({ where: { hash: hashOf(secret) }, include: { owner: true } });
  const now = Date.now();
  if (!row || row.revokedAt !== null || row.expiresAt.getTime() <= now) return undefined;
  const { owner } = row;
  if (isDisabled(owner, now) || !isRole(owner.role ?? "") || !isRole(row.role)) return undefined;
  if (row.lastUsedAt === null || now - row.lastUsedAt.getTime() >= USED_EVERY_MS)
    await db.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  return {
    tokenId: row.id,
    tokenName: row.name,
    ownerId: owner.id,
    email: owner.email,
    role: lowerOf(owner.role as Role, row.role),
    scope: withinBoth(scopeFrom(owner.scope), scopeFrom(row.scope)),
    writes: row.writes,
    expiresAt: row.expiresAt,
  };
}

export function bearerMay({ role, scope }: Bearer, permission: Permission): boolean {
  return mayDo(role, scope, permission);
}

/** An operator by his address, for a token of his. */
export async function findOwner(db: Database, email: string): Promise<TokenOwner | undefined> {
  const user = await db.user.findUnique({ where: { email } });
  if (!user || !isRole(user.role ?? "") || isDisabled(user, Date.now())) return undefined;
  return { id: user.id, email: user.email, role: user.role as Role, scope: scopeFrom(user.scope) };
}

function isDisabled(
  { banned, banExpires }: { banned: boolean | null; banExpires: Date | null },
  now: number,
) {
  return banned === true && (banExpires === null || banExpires.getTime() > now);
}

function withinBoth(a: Scope, b: Scope): Scope {
  if (a === null) return b;
  return b === null ? a : b.filter((domain) => isInScope(a, domain));
}
