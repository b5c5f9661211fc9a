import type { WantedState } from "@/lib/core/access/edits";
import type { Protocol } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import type { Write } from "../database/client";

/** What a person saw of one policy. */
export interface Expected {
  subject: Subject;
  protocol: Protocol;
  state: WantedState;
}

/** What is there now, and who made it so. */
export interface Found extends Expected {
  actor: string;
  at: Date | null;
  reason: string;
}

/** The policies as they are now, in the order asked for. */
export async function currentStates(write: Write, asked: readonly Expected[]): Promise<Found[]> {
  const rows = await write.policy.findMany({
    where: { subject: { in: asked.map(({ subject }) => subject) } },
    include: { change: true },
  });
  return await Promise.all(
    asked.map(async ({ subject, protocol }) => {
      const row = rows.find((one) => one.subject === subject && one.protocol === protocol);
      const change = row?.change ?? (await lastChangeOf(write, subject, protocol));
      return {
        subject,
        protocol,
        state: (row?.state ?? "inherit") as WantedState,
        actor: change?.actor ?? "",
        at: change?.at ?? null,
        reason: change?.reason ?? "",
      };
    }),
  );
}

async function lastChangeOf(write: Write, subject: Subject, protocol: Protocol) {
  const item = await write.accessChangeItem.findFirst({
    where: { subject, protocol, kind: "policy" },
    orderBy: { changeId: "desc" },
    include: { change: true },
  });
  return item?.change;
}
