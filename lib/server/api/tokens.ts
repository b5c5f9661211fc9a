import { createHash, randomBytes, randomUUID } from "node:crypto";
import { coversScope, isRole, ROLES, type Role, type Scope } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { scopeFrom } from "../operators/scope";

/** What an operator gives a program. */
export interface NewToken {
  name: string;
  role: Role;
  scope: Scope;
  /** It may change something; else it only reads. */
  writes: boolean;
  /** Days until it ends. */
  days: number;
}

/** How long one may be good, in days. */
export const TOKEN_DAYS = { usual: 90, min: 1, max: 366 };
/** Longest name, in UTF-16 units. */
export const LONGEST_TOKEN_NAME = 100;

/** Somebody whom tokens belong to. */
export interface TokenOwner {
  id: string;
  email: string;
  role: Role;
  scope: Scope;
}

export interface Token {
  id: string;
  name: string;
  /** How it begins. */
  shown: string;
  owner: string;
  role: Role;
  scope: Scope;
  writes: boolean;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export type MakeResult = { ok: true; token: Token; secret: string } | { ok: false; sentence: string };

export const PREFIX = "pcl_";
const SHOWN = PREFIX.length + 6;
const DAY_MS = 86_400_000;

/** Makes one; the secret is in the answer and nowhere else. It can't be for more than its owner may himself. */
export async function makeToken(
  db: Database,
  owner: TokenOwner,
  wish: NewToken,
  actor: Actor,
): Promise<MakeResult> {
  if (lowerOf(owner.role, wish.role) !== wish.role)
    return { ok: false, sentence: `A token of ${owner.email} can be for ${owner.role} at most.` };
  if (!coversScope(owner.scope, wish.scope))
    return {
      ok: false,
      sentence: "These domains are not all among those that its owner is responsible for.",
    };
  const secret = PREFIX + randomBytes(32).toString("base64url");
  const { name, role, scope, writes, days } = wish;
  const row = await db.$transaction(async (write) => {
    const made = await write.apiToken.create({
      data: {
        id: randomUUID(),
        name,
        hash: hashOf(secret),
        shown: secret.slice(0, SHOWN),
        ownerId: owner.id,
        role,
        scope: scope === null ? null : JSON.stringify(scope),
        writes,
        createdAt: new Date(),
        expiresAt: new Date(Date.now() + days * DAY_MS),
      },
      include: { owner: true },
    });
    await audit(write, {
      actor,
      action: "token.make",
      outcome: "done",
      sentences: [`Token ${name} of ${owner.email}: ${tokenWords(toToken(made))}`],
    });
    return made;
  });
  return { ok: true, token: toToken(row), secret };
}

/** For instance `operator for site.example, read only, until 2027-02-01`. */
export function tokenWords({ role, scope, writes, expiresAt }: Token): string {
  const domains = scope === null ? "all of the server" : scope.map((name) => name || "@").join(", ");
  return `${role} for ${domains}, ${writes ? "may change" : "read only"}, until ${expiresAt.toISOString().slice(0, 10)}`;
}

/** Newest first; of one owner or everybody's. Those that were revoked or ended stay in the list. */
export async function listTokens(db: Database, ownerId?: string): Promise<Token[]> {
  const rows = await db.apiToken.findMany({
    where: ownerId === undefined ? {} : { ownerId },
    include: { owner: true },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  return rows.map(toToken);
}

/** From now on it is no good. False where there is none like that, or it was revoked before. */
export async function revokeToken(
  db: Database,
  which: { id: string; ownerId?: string },
  actor: Actor,
): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const { count } = await write.apiToken.updateMany({
      where: { ...which, revokedAt: null },
      data: { revokedAt: new Date(), revokedBy: actor.name },
    });
    const row = count > 0 ? await write.apiToken.findUnique({ where: { id: which.id } }) : null;
    if (row)
      await audit(write, {
        actor,
        action: "token.revoke",
        outcome: "done",
        sentences: [`Token ${row.name} (${row.shown}…)`],
      });
    return row !== null;
  });
}

/** Each role may do all that those after it may. */
export function lowerOf(a: Role, b: Role): Role {
  return ROLES.indexOf(a) >= ROLES.indexOf(b) ? a : b;
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

interface TokenRow {
  id: string;
  name: string;
  shown: string;
  role: string;
  scope: string | null;
  writes: boolean;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  owner: { email: string };
}

function toToken({ owner, role, scope, ...row }: TokenRow): Token {
  const { id, name, shown, writes, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  return {
    id,
    name,
    shown,
    owner: owner.email,
    // What nobody knows any more may do the least.
    role: isRole(role) ? role : "reviewer",
    scope: scopeFrom(scope),
    writes,
    createdAt,
    expiresAt,
    lastUsedAt,
    revokedAt,
  };
}
