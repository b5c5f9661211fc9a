import { redirect } from "next/navigation";
import { database } from "../database/client";
import { panelSettings } from "../panel-settings";
import { currentPath, currentSession, type Operator } from "./session";

const MINUTE_MS = 60_000;

/**
 * Whether the operator proved lately who he is: with the second factor where he has one, else with the password. How long
 * that counts is set on /settings/operators.
 */
export async function isFresh(operator: Operator): Promise<boolean> {
  const session = await currentSession();
  if (session?.operator.id !== operator.id) return false;
  const { values } = await panelSettings(database(), "operators");
  return Date.now() - session.provenAt.getTime() < values.confirmMinutes * MINUTE_MS;
}

/** For pages whose forms do something risky: asks first that it is really him, and comes back. */
export async function requireFresh(operator: Operator): Promise<void> {
  if (await isFresh(operator)) return;
  redirect(`/confirm?next=${encodeURIComponent(await currentPath())}`);
}
