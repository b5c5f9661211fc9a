import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import type { Rank } from "@/lib/core/access/rules";
import {
  isRole,
  mayDo,
  type Permission,
  type Role,
  rankOfRole,
  type Scope,
} from "@/lib/core/operators/roles";
import type { Actor } from "../mailserver/revisions";
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

export const currentOperator = cache(async (): Promise<Operator | undefined> => {
  const given = await headers();
  const session = await auth().api.getSession({ headers: given });
  if (!session) return undefined;
  const from = clientAddress(given);
  const { id, email, name, role, scope } = session.user;
  // A role that nobody knows any more may do nothing.
  return isRole(role ?? "")
    ? { id, email, name, role: role as Role, scope: scopeFrom(scope), from }
    : undefined;
});

/** For pages: the operator, or the sign-in page with the way back. */
export async function requireOperator(permission: Permission): Promise<Operator> {
  const operator = await currentOperator();
  const backTo = (await headers()).get("x-portcullis-path") ?? "/";
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent(backTo)}`);
  // Looks like a page that doesn't exist: a role that may not see it need not know of it.
  if (!may(operator, permission)) {
    await auditRefusedPage({ ...operator, actor: actorOf(operator), permission }, backTo);
    notFound();
  }
  return operator;
}

const scopeSchema = z.array(z.string());

/** What can't be read is no domain at all, and never all of them. */
function scopeFrom(stored: string | null | undefined): Scope {
  if (stored === null || stored === undefined) return null;
  try {
    return scopeSchema.parse(JSON.parse(stored));
  } catch {
    return [];
  }
}

export function may({ role, scope }: Operator, permission: Permission): boolean {
  return mayDo(role, scope, permission);
}

/** How high somebody stands when a suspension is set or lifted. */
export function rankOf({ role, scope }: Operator): Rank {
  return rankOfRole(role, scope);
}

export function actorOf(operator: Operator): Actor {
  return { name: operator.email, origin: "page", from: operator.from };
}
