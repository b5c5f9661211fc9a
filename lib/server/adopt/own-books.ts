import { randomUUID } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { audit } from "../audit";
import { type Database, openDatabase } from "../database/client";
import type { Home } from "../home";
import { recordOutcome } from "../mailserver/in-force";
import { addRevision } from "../mailserver/revisions";
import { nodeAt, writeDescription } from "../node";
import { openHome } from "../open-home";
import { requireStopped } from "../running";
import type { BegunAdoption, Books, Ending } from "./books";
import { readAdoption, writeAdoption } from "./record";

/** Of a home that belongs to whoever runs this. `migrationsFolder`: what makes a database. */
export function ownBooks(home: Home, migrationsFolder: string): Books {
  return {
    requireStopped: () => requireStopped(home),
    async open() {
      await openHome(home);
      // Imported late: no other command needs it.
      const { migrate } = await import("../database/migrate");
      await migrate(home.database, migrationsFolder);
      return await withDatabase(home, async (db) => ({
        rules: (await db.policy.count()) + (await db.suspension.count()),
      }));
    },
    async begin(begun) {
      const { record, instance, socket } = begun;
      await writeAdoption(home, record);
      await writeDescription(home, {
        kind: "system",
        instance,
        ...(socket === undefined ? {} : { helper: { socket } }),
      });
      return await withDatabase(home, async (db) => ({ revision: await firstRevision(db, begun) }));
    },
    end: (ending) => end(home, ending),
  };
}

/** Without a database there is nobody to tell, and a server must be given back all the same. */
async function end(home: Home, { event, after, run }: Ending): Promise<void> {
  if (await isThere(home.database))
    await withDatabase(home, async (db) => {
      await audit(db, event);
      if (after === "forget") await db.inForce.deleteMany({});
      if (!run) return;
      const { revision, outcome, prepared } = run;
      await recordOutcome(
        await nodeAt(home, db),
        { id: randomUUID(), revision, startedAt: new Date(run.startedAt), outcome, prepared },
        { actor: event.actor, action: "mailserver.apply", reason: event.reason },
      );
    });
  if (after === "adopted") {
    const record = await readAdoption(home);
    if (record) await writeAdoption(home, { ...record, state: "adopted" });
  }
  if (after !== "forget") return;
  await rm(home.instance, { force: true });
  await rm(home.adoption, { force: true });
}

/** What was found becomes what is wanted: revision 1, or the next one of a home that was adopted before. */
async function firstRevision(
  db: Database,
  { values, unknown, actor, reason }: BegunAdoption,
): Promise<number> {
  return await db.$transaction(async (write) => {
    const last = await write.revision.findFirst({ orderBy: { number: "desc" }, select: { number: true } });
    const number = (last?.number ?? 0) + 1;
    const sentences = [
      "As the server was found when it was adopted.",
      ...unknown.map((label) => `${label}: unknown, left to the server's own files`),
    ];
    await addRevision(write, { number, values, actor, reason: reason || "Adopted as found", sentences });
    return number;
  });
}

async function withDatabase<T>(home: Home, use: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(home.database);
  try {
    return await use(db);
  } finally {
    await db.$disconnect();
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
