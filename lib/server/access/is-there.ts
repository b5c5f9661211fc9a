import { domainOfSubject, levelOf, type Subject } from "@/lib/core/access/subject";
import { coversSubject } from "@/lib/core/operators/roles";
import { rulesVersion } from "../api/versions";
import type { Scoped } from "../node";

/**
 * Whether an account or a domain is there for whoever asks: it is in his scope, and a listing named it once or it has or had rules
 * of its own. Everybody's default always is, for somebody without a scope.
 */
export async function isSubjectThere({ db, scope }: Scoped, subject: Subject): Promise<boolean> {
  if (!coversSubject(scope, subject)) return false;
  if (levelOf(subject) === "server") return true;
  const listed =
    levelOf(subject) === "account"
      ? await db.account.findUnique({ where: { address: subject }, select: { id: true } })
      : await db.domain.findUnique({ where: { name: domainOfSubject(subject) }, select: { name: true } });
  return listed !== null || (await rulesVersion(db, subject)) > 0;
}
