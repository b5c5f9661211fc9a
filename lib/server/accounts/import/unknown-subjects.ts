import type { Subject } from "@/lib/core/access/subject";
import type { Database } from "../../database/client";

/** Those of some accounts and domains that no listing has ever named, in the order given. */
export async function unknownSubjects(db: Database, subjects: readonly Subject[]): Promise<Subject[]> {
  const rows = await db.$queryRaw<{ subject: string }[]>`
    SELECT j.value AS "subject" FROM json_each(${JSON.stringify(subjects)}) j WHERE j.value <> '*' AND CASE
      WHEN j.value LIKE '@%' THEN NOT EXISTS (SELECT 1 FROM "Domain" d WHERE d."name" = substr(j.value, 2))
      ELSE NOT EXISTS (SELECT 1 FROM "Account" a WHERE a."address" = j.value) END
    ORDER BY j.key`;
  return rows.map(({ subject }) => subject);
}
