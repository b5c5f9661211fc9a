import type { Permission, Role, Scope } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import { auditRead } from "../audit/read";
import { database } from "../database/client";
import type { Actor } from "../mailserver/revisions";

/** Somebody who asked for what his role doesn't allow. */
interface Refused {
  actor: Actor;
  role: Role;
  scope: Scope;
  permission: Permission;
}

/** Writes down that a page or a file was refused; once an hour for the same. */
export async function auditRefusedPage(refused: Refused, path: string): Promise<void> {
  await auditRead(database(), {
    actor: refused.actor,
    action: "page.open",
    outcome: "refused",
    subject: path.replace(/\?.*$/, ""),
    sentence: refusalSentence(refused),
  });
}

/** Writes down that an act was refused; each time. */
export async function auditRefusedAct(refused: Refused): Promise<void> {
  await audit(database(), {
    actor: refused.actor,
    action: refused.permission,
    outcome: "refused",
    sentences: [refusalSentence(refused)],
  });
}

function refusalSentence({ role, scope, permission }: Refused): string {
  const where =
    scope === null ? "" : `, for ${scope.length} ${scope.length === 1 ? "domain" : "domains"} only,`;
  return `The role ${role}${where} doesn't allow ${permission}.`;
}
