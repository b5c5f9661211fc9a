import type { Subject } from "@/lib/core/access/subject";
import type { RuleChangeJson } from "@/lib/core/api/answers/rules";
import { historyFacts } from "../access/rule-facts";
import { historyOf } from "../accounts/history";
import type { Database, Write } from "../database/client";
import type { Scoped } from "../node";

/** The last change of a subject's own rules; 0 where it never had any. It is what a write says that it stands on. */
export async function rulesVersion(db: Database | Write, subject: Subject): Promise<number> {
  const { _max } = await db.accessChangeItem.aggregate({ where: { subject }, _max: { changeId: true } });
  return _max.changeId ?? 0;
}

const SHOWN = 50;

/** What was changed of a subject's rules since a version, newest first. */
export async function changesSince(
  scoped: Scoped,
  subject: Subject,
  version: number,
): Promise<RuleChangeJson[]> {
  return historyFacts(await historyOf(scoped, [subject], SHOWN)).filter(({ change }) => change > version);
}
