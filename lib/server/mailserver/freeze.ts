import type { FieldProblem } from "@/lib/core/settings/schema";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { tellInstant } from "../tell-instant";
import type { Actor } from "./revisions";

/** A span of time in which nothing may reload the mail daemon: a busy morning, a migration of somebody else's. */
export interface FreezeWindow {
  id: number;
  startsAt: Date;
  endsAt: Date;
  reason: string;
  author: string;
}

/** Those that stand or are to come, the next first. */
export async function freezeWindows(db: Database): Promise<FreezeWindow[]> {
  return await db.freezeWindow.findMany({
    where: { endsAt: { gt: new Date() } },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
  });
}

/** Of those that stand now the one that ends last. */
export async function freezeNow(db: Database): Promise<FreezeWindow | undefined> {
  const at = new Date();
  const window = await db.freezeWindow.findFirst({
    where: { startsAt: { lte: at }, endsAt: { gt: at } },
    orderBy: { endsAt: "desc" },
  });
  return window ?? undefined;
}

export const FREEZE_KEY = "freeze";

export function frozenProblem(window: FreezeWindow): FieldProblem {
  const why = window.reason === "" ? "" : ` (${window.reason})`;
  return {
    key: FREEZE_KEY,
    message: `It needs a reload, and nothing may reload Dovecot until ${tellInstant(window.endsAt.getTime() / 1000)}, by ${window.author}${why}.`,
  };
}

export type FreezeResult = { ok: true; window: FreezeWindow } | { ok: false; problems: FieldProblem[] };

export async function addFreeze(
  db: Database,
  { startsAt, endsAt, reason, actor }: { startsAt: Date; endsAt: Date; reason: string; actor: Actor },
): Promise<FreezeResult> {
  if (endsAt.getTime() <= startsAt.getTime())
    return { ok: false, problems: [{ key: "until", message: "It must end after it begins." }] };
  const window = await db.$transaction(async (write) => {
    const made = await write.freezeWindow.create({
      data: { startsAt, endsAt, reason, author: actor.name, createdAt: new Date() },
    });
    const after = [spanSentence(made)];
    await audit(write, {
      actor,
      action: "freeze.add",
      outcome: "done",
      subject: freezeSubject(made.id),
      sentences: [],
      after,
      reason,
    });
    return made;
  });
  return { ok: true, window };
}

/** Returns whether there was one. */
export async function removeFreeze(db: Database, id: number, actor: Actor): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const window = await write.freezeWindow.findUnique({ where: { id } });
    if (!window) return false;
    await write.freezeWindow.delete({ where: { id } });
    await audit(write, {
      actor,
      action: "freeze.remove",
      outcome: "done",
      subject: freezeSubject(id),
      sentences: [],
      before: [spanSentence(window)],
    });
    return true;
  });
}

function spanSentence({ startsAt, endsAt }: Pick<FreezeWindow, "startsAt" | "endsAt">): string {
  const tell = (at: Date) => tellInstant(at.getTime() / 1000);
  return `Nothing may reload Dovecot from ${tell(startsAt)} until ${tell(endsAt)}.`;
}

function freezeSubject(id: number): string {
  return `freeze ${id}`;
}
