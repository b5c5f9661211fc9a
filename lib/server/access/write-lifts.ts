import type { LiftEdit } from "@/lib/core/access/edits";
import type { Rank, Suspension } from "@/lib/core/access/rules";
import type { Write } from "../database/client";
import { writeItems } from "./change-items";
import type { Written } from "./commit-edits";
import { factsOf, suspensionDelta } from "./write-suspensions";

/** Lifts suspensions: their rows go, and no policy is touched. One that is gone already is no change. */
export async function writeLifts(
  write: Write,
  changeId: number,
  edits: readonly LiftEdit[],
): Promise<Written> {
  if (edits.length === 0) return { changed: 0, remove: [], put: [] };
  const lifted = await write.suspension.findMany({ where: { id: { in: edits.map(({ id }) => id) } } });
  const ids = lifted.map(({ id }) => id);
  await write.suspension.deleteMany({ where: { id: { in: ids } } });
  await writeItems(
    write,
    changeId,
    lifted.map((one) => ({
      subject: one.subject,
      protocol: one.protocol,
      kind: "suspension",
      ref: one.id,
      before: factsOf({ ...one, protocol: one.protocol as Suspension["protocol"], rank: one.rank as Rank }),
      after: null,
    })),
  );
  return {
    changed: ids.length,
    ...(await suspensionDelta(
      write,
      lifted.map(({ subject }) => subject),
    )),
  };
}
