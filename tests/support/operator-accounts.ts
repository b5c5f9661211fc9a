import type { Role, Scope } from "@/lib/core/operators/roles";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import type { RunningPanel } from "./panel";

/** Gives somebody who can sign in already another role or scope, as an administrator would: counts from the next page on. */
export async function setRole(panel: RunningPanel, email: string, role: Role, scope: Scope): Promise<void> {
  const db = openDatabase(homeAt(panel.home).database);
  try {
    await db.user.update({
      where: { email },
      data: { role, scope: scope === null ? null : JSON.stringify(scope) },
    });
  } finally {
    await db.$disconnect();
  }
}
