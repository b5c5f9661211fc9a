import type { OperatorLinkView, OperatorView, OwnSessionView, PasskeyView } from "@/lib/core/operators/views";
import type { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { standingOf } from "./change";
import { scopeFrom } from "./scope";

const INCLUDE = {
  twoFactors: { where: { verified: true }, select: { id: true } },
  passkeys: { select: { id: true } },
  sessions: { select: { id: true, expiresAt: true } },
} as const;

export async function operatorViews(db: Database): Promise<OperatorView[]> {
  const users = await db.user.findMany({ include: INCLUDE, orderBy: { email: "asc" } });
  return users.map(viewOf);
}

export async function operatorView(db: Database, id: string): Promise<OperatorView | undefined> {
  const user = await db.user.findUnique({ where: { id }, include: INCLUDE });
  return user ? viewOf(user) : undefined;
}

type Row = Prisma.UserGetPayload<{ include: typeof INCLUDE }>;

function viewOf(user: Row): OperatorView {
  const { id, email, name, role, scope, banned, lastSignInAt, twoFactors, passkeys, sessions } = user;
  const now = new Date();
  return {
    id,
    email,
    name,
    role: role ?? "none",
    scope: scopeFrom(scope),
    standing: standingOf(user),
    isDisabled: banned === true,
    hasCodes: twoFactors.length > 0,
    passkeys: passkeys.length,
    sessions: sessions.filter(({ expiresAt }) => expiresAt > now).length,
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}

/** Invitations that can still be accepted. */
export async function invitationViews(db: Database): Promise<OperatorLinkView[]> {
  const links = await db.operatorLink.findMany({
    where: { kind: "invite", usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: "desc" },
  });
  return links.map(({ id, email, role, scope, createdBy, expiresAt }) => ({
    id,
    email,
    role: role ?? "none",
    scope: scopeFrom(scope),
    createdBy,
    expiresAt: expiresAt.toISOString(),
  }));
}

export async function ownSessions(db: Database, userId: string, current: string): Promise<OwnSessionView[]> {
  const sessions = await db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: "desc" },
  });
  return sessions.map(({ id, ipAddress, userAgent, createdAt, lastUsedAt, secondFactorAt }) => ({
    id,
    isThis: id === current,
    address: ipAddress || null,
    agent: userAgent || null,
    since: createdAt.toISOString(),
    lastUsedAt: (lastUsedAt ?? createdAt).toISOString(),
    withSecondFactor: secondFactorAt !== null,
  }));
}

export async function passkeyViews(db: Database, userId: string): Promise<PasskeyView[]> {
  const passkeys = await db.passkey.findMany({ where: { userId }, orderBy: { createdAt: "asc" } });
  return passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
    id,
    name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }));
}
