import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { Rank } from "@/lib/core/access/rules";
import {
  isRole,
  mayDo,
  type Permission,
  type Role,
  rankOfRole,
  type Scope,
} from "@/lib/core/operators/roles";
import { needsSecondFactor } from "@/lib/core/panel/operators";
import { database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import type { NoteAuthor } from "../notes/notes";
import { scopeFrom } from "../operators/scope";
import { waysToProve } from "../operators/second-factor";
import { noteUse } from "../operators/session-use";
import { panelSettings } from "../panel-settings";
import { auth } from "./auth";
import { clientAddress } from "./client-address";
import { auditRefusedPage } from "./refused";

/** A signed-in person who runs the panel. */
export interface Operator {
  id: string;
  email: string;
  name: string;
  role: Role;
  scope: Scope;
  /** The address that the request came from, where it is known. */
  from: string | undefined;
}

/** The open session of whoever asks. */
export interface CurrentSession {
  id: string;
  operator: Operator;
  /** When its owner last proved who he is: by signing in, or since then. */
  provenAt: Date;
  /**
   * What must come first where the role needs a second factor and the session has none: to give it (`prove`), or to set
   * it up (`enrol`). Before that it opens nothing.
   */
  lacks: "nothing" | "prove" | "enrol";
}

export const currentSession = cache(async (): Promise<CurrentSession | undefined> => {
  const given = await headers();
  const known = await auth().api.getSession({ headers: given });
  if (!known) return undefined;
  const { id, email, name, role, scope } = known.user;
  // A role that nobody knows any more may do nothing.
  if (!isRole(role ?? "")) return undefined;
  const operator: Operator = {
    id,
    email,
    name,
    role: role as Role,
    scope: scopeFrom(scope),
    from: clientAddress(given),
  };
  const { createdAt, confirmedAt, secondFactorAt } = known.session;
  noteUse(known.session.id);
  return {
    id: known.session.id,
    operator,
    provenAt: new Date(Math.max(createdAt.getTime(), confirmedAt?.getTime() ?? 0)),
    lacks: secondFactorAt ? "nothing" : await lackOf(operator),
  };
});

/** Nobody while a second factor is missing that the role needs: every page, action and endpoint asks here. */
export const currentOperator = cache(async (): Promise<Operator | undefined> => {
  const session = await currentSession();
  return session?.lacks === "nothing" ? session.operator : undefined;
});

/** For pages: the operator, or the sign-in page with the way back. */
export async function requireOperator(permission: Permission): Promise<Operator> {
  const operator = await currentOperator();
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent(await currentPath())}`);
  // Looks like a page that doesn't exist: a role that may not see it need not know of it.
  if (!may(operator, permission)) {
    await auditRefusedPage({ ...operator, actor: actorOf(operator), permission }, await currentPath());
    notFound();
  }
  return operator;
}

/** The page that is asked for, to come back to. */
export async function currentPath(): Promise<string> {
  return (await headers()).get("x-portcullis-path") ?? "/";
}

/** Whether the operator's role needs a second factor now. */
export async function isSecondFactorNeeded({ role }: Operator): Promise<boolean> {
  return needsSecondFactor((await panelSettings(database(), "operators")).values, role);
}

async function lackOf(operator: Operator): Promise<CurrentSession["lacks"]> {
  if (!(await isSecondFactorNeeded(operator))) return "nothing";
  const { hasCodes, passkeys } = await waysToProve(database(), operator.id);
  return hasCodes || passkeys > 0 ? "prove" : "enrol";
}

export function may({ role, scope }: Operator, permission: Permission): boolean {
  return mayDo(role, scope, permission);
}

/** How high somebody stands when a suspension is set or lifted. */
export function rankOf({ role, scope }: Operator): Rank {
  return rankOfRole(role, scope);
}

/** As whom he writes notes. */
export function authorOf(operator: Operator): NoteAuthor {
  return { actor: actorOf(operator), id: operator.id, role: operator.role };
}

export function actorOf(operator: Operator): Actor {
  return { name: operator.email, origin: "page", from: operator.from };
}
