import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { makeAuth } from "./auth";

export interface NewOperator {
  email: string;
  password: string;
  name: string;
}

export async function hasOperators(db: Database): Promise<boolean> {
  return (await db.user.count()) > 0;
}

/** Makes an administrator. Whoever calls it has checked that the caller may. */
export async function createAdministrator(db: Database, operator: NewOperator, actor: Actor): Promise<void> {
  await makeAuth([]).api.createUser({ body: { ...operator, role: "administrator" } });
  await audit(db, {
    actor,
    action: "operator.create",
    outcome: "done",
    subject: operator.email,
    sentences: [`Administrator ${operator.name}`],
  });
}
