import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { Rank } from "@/lib/core/access/rules";
import type { Actor } from "../mailserver/revisions";
import { auth } from "./auth";

/** A signed-in person who runs the panel. */
export interface Operator {
  email: string;
  name: string;
  role: string;
}

/** What an operator may do. Until roles exist everybody who can sign in is an administrator. */
export type Permission =
  | "mailserver.read"
  | "mailserver.change"
  | "sandbox.read"
  | "accounts.read"
  | "accounts.change";

export const currentOperator = cache(async (): Promise<Operator | undefined> => {
  const session = await auth().api.getSession({ headers: await headers() });
  return session
    ? { email: session.user.email, name: session.user.name, role: session.user.role ?? "" }
    : undefined;
});

/** For pages: the operator, or the sign-in page with the way back. */
export async function requireOperator(permission: Permission): Promise<Operator> {
  const operator = await currentOperator();
  const backTo = (await headers()).get("x-portcullis-path") ?? "/";
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent(backTo)}`);
  // Looks like a page that doesn't exist: a role that may not see it need not know of it.
  if (!may(operator, permission)) notFound();
  return operator;
}

export function may(operator: Operator, _permission: Permission): boolean {
  return operator.role === "admin";
}

/** How high somebody stands when a suspension is set or lifted. */
export function rankOf(_operator: Operator): Rank {
  return "administrator";
}

export function actorOf(operator: Operator): Actor {
  return { name: operator.email, origin: "page" };
}
