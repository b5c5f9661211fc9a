import type { Write } from "../database/client";

/** What a change did to one policy or suspension. */
export interface ChangeItem {
  subject: string;
  protocol: string;
  kind: "policy" | "suspension";
  /** A suspension's id, else 0. */
  ref: number;
  before: object | null;
  after: object | null;
}

export async function writeItems(
  write: Write,
  changeId: number,
  items: readonly ChangeItem[],
): Promise<void> {
  const rows = items.map(({ subject, protocol, kind, ref, before, after }) => [
    subject,
    protocol,
    kind,
    ref,
    before && JSON.stringify(before),
    after && JSON.stringify(after),
  ]);
  await write.$executeRaw`
    INSERT INTO "AccessChangeItem" ("changeId", "subject", "protocol", "kind", "ref", "before", "after")
    SELECT ${changeId}, j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5
    FROM json_each(${JSON.stringify(rows)}) j`;
}
