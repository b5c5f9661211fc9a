import type { Outcome } from "@/lib/core/apply/outcome";
import { TRIAL_RANGE } from "@/lib/core/helper/requests";
import { askHelper } from "@/lib/system/helper/client";
import { audit } from "../audit";
import type { Database, Write } from "../database/client";
import type { MailNode } from "../node";
import { revisionSubject } from "./outcome-event";
import type { Actor } from "./revisions";

/** A revision in force that goes back by itself unless somebody says in time that mail still works. */
export interface Trial {
  revision: number;
  seconds: number;
  deadline: Date;
}

/** Long enough to send oneself a mail, short enough for those who are shut out; in seconds. */
export const KEEP_WITHIN_S = 120;
const APPLYING_S = 180;
export const KEEP_WITHIN_RANGE = TRIAL_RANGE;

/** With the revision, before anything is applied: a crash at any later moment finds it. */
export async function beginTrial(write: Write, revisionNumber: number, seconds: number): Promise<void> {
  await write.trial.create({
    // While it is being applied nothing is due yet, and a way back may take a minute.
    data: { revisionNumber, seconds, deadline: deadlineAfter(seconds + APPLYING_S), state: "waiting" },
  });
}

/** Its time runs from when it is in force; what didn't come into force needs no confirmation. Returns when it ends. */
export async function startTrial(
  db: Database,
  revisionNumber: number,
  seconds: number,
  { kind }: Outcome,
): Promise<Date | undefined> {
  if (kind !== "applied" && kind !== "unchanged") {
    await db.trial.deleteMany({ where: { revisionNumber } });
    return undefined;
  }
  const deadline = deadlineAfter(seconds);
  await db.trial.updateMany({ where: { revisionNumber, state: "waiting" }, data: { deadline } });
  return deadline;
}

/** Those that wait for somebody's word, the next to end first. */
export async function waitingTrials(db: Database): Promise<Trial[]> {
  return await trialsThatAre(db, ["waiting"]);
}

/** Those, and those whose way back was cut off. */
export async function unendedTrials(db: Database): Promise<Trial[]> {
  return await trialsThatAre(db, ["waiting", "reverting"]);
}

async function trialsThatAre(db: Database, states: string[]): Promise<Trial[]> {
  const rows = await db.trial.findMany({ where: { state: { in: states } }, orderBy: { deadline: "asc" } });
  return rows.map(({ revisionNumber: revision, seconds, deadline }) => ({ revision, seconds, deadline }));
}

/** Somebody says that mail still works. False where nothing waited for that. */
export async function keepRevision(
  { db, instance }: Pick<MailNode, "db" | "instance">,
  revisionNumber: number,
  actor: Actor,
): Promise<boolean> {
  // First whoever would take it back whatever stands in our database.
  if (instance.helper) await askHelper(instance.helper, { ask: "keep", revision: revisionNumber });
  return await db.$transaction(async (write) => {
    const { count } = await write.trial.updateMany({
      where: { revisionNumber, state: "waiting" },
      data: { state: "kept", endedBy: actor.name, endedAt: new Date() },
    });
    if (count > 0)
      await audit(write, {
        actor,
        action: "mailserver.keep",
        outcome: "kept",
        subject: revisionSubject(revisionNumber),
        sentences: ["Mail still works: it stays."],
      });
    return count > 0;
  });
}

/** The helper took it back meanwhile, because nobody confirmed it: the database is to follow. */
export async function isTakenBack(
  { instance }: Pick<MailNode, "instance">,
  revision: number,
): Promise<boolean> {
  const { helper } = instance;
  return helper !== undefined && (await askHelper(helper, { ask: "trial", revision })) === "taken-back";
}

function deadlineAfter(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
