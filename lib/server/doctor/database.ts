import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type DatabaseFile, readDatabaseFile } from "@/lib/system/doctor/database-file";
import { placeAt } from "@/lib/system/doctor/places";
import { lastCheck } from "../audit/check";
import { knownMigrations } from "../database/migrate";
import { type Check, fail, ok, type Patient, unknown, type Verdict, warn } from "./check";

/** Some 300 MB a second are read through; what takes longer is told as that. */
const READ_MS = 20_000;
/** A checkpoint comes every 4 MB; a log that grew to this is held open by a reader that doesn't end. */
const LONG_WAL_BYTES = 256e6;
const DAY_MS = 24 * 60 * 60_000;

const RESTORE =
  '"portcullis backup list" names the backups; stop the panel, then: portcullis backup restore FILE';

export const databaseChecks: readonly Check[] = [
  { id: "database", group: "database", look: fileOf },
  { id: "database-wal", group: "database", look: walOf },
  { id: "audit", group: "database", look: auditOf },
];

/** Opens, is whole, and has the tables of this version: one reading tells all three. */
async function fileOf(patient: Patient): Promise<Verdict[]> {
  const path = patient.home.database;
  if (!(await placeAt(path)))
    return [
      fail(`${path} is not there.`, `${RESTORE}. Without a backup ${patient.startCommand} makes a new one.`),
    ];
  const file = await readDatabaseFile(path, READ_MS);
  switch (file.kind) {
    case "late":
      return [
        unknown(
          `It could not be read through within ${READ_MS / 1000} seconds: it is very large, or its disk hangs.`,
          `sqlite3 ${path} 'PRAGMA quick_check' takes as long as it needs.`,
        ),
      ];
    case "refused":
      return [fail(`The database can't be used: ${file.reason}.`, mendOf(file.reason, path))];
    case "read":
      return await tellOf(patient, file);
  }
}

async function tellOf(patient: Patient, file: Extract<DatabaseFile, { kind: "read" }>): Promise<Verdict[]> {
  if (file.faults.length > 0)
    return [{ ...fail(`The database is damaged: ${file.faults[0]}.`, RESTORE), id: "database-integrity" }];
  const whole = { ...ok("It opens, and is whole."), id: "database-integrity" };
  const schema = { ...(await schemaOf(patient, file.migrations)), id: "database-migrations" };
  patient.isDatabaseSound = schema.state === "ok";
  return [whole, schema];
}

async function schemaOf(
  { root, startCommand }: Patient,
  applied: readonly { name: string; finished: boolean }[],
): Promise<Verdict> {
  const ours = await knownMigrations(join(root, "prisma/migrations"));
  const done = new Set(applied.filter(({ finished }) => finished).map(({ name }) => name));
  const torn = applied.filter(({ name, finished }) => !finished && !done.has(name));
  const ahead = [...done].filter((name) => !ours.includes(name));
  const missing = ours.filter((name) => !done.has(name));
  if (torn.length > 0)
    return fail(
      `Its upgrade by ${torn[0]?.name} was begun and never finished.`,
      `${RESTORE} (the one from before the upgrade).`,
    );
  if (ahead.length > 0)
    return fail(
      `A newer Portcullis has changed it (${ahead.join(", ")}): this one can't use it.`,
      "Install the newer version again, or restore the backup that was made before its upgrade.",
    );
  if (missing.length > 0)
    return fail(
      `It is older than this program and lacks ${missing.length} of its ${ours.length} migrations.`,
      `${startCommand} brings it up to date, after a backup.`,
    );
  return ok(`All ${ours.length} migrations are applied, and none of a newer version.`);
}

function mendOf(reason: string, path: string): string {
  if (/readonly|permission|unable to open/i.test(reason))
    return `Look at the owner and mode of ${path} and its folder, or run this as root.`;
  if (/locked|busy/i.test(reason)) return "Another program holds it: look again in a moment.";
  return RESTORE;
}

async function walOf({ home, startCommand }: Patient): Promise<Verdict> {
  const size = await stat(`${home.database}-wal`).then(
    (found) => found.size,
    () => 0,
  );
  const words = `Its write-ahead log has ${(size / 1e6).toFixed(1)} MB.`;
  return size > LONG_WAL_BYTES
    ? warn(`${words} A reader that doesn't end keeps it from being taken in.`, startCommand)
    : ok(words);
}

async function auditOf(patient: Patient): Promise<Verdict> {
  const check = await lastCheck(patient.db());
  if (!check) return unknown("Whether the audit is whole was never looked at.", "portcullis audit verify");
  if (!check.whole)
    return fail(
      `The audit was tampered with: ${check.sentences[0] ?? "no sentence was kept"}`,
      "portcullis audit verify tells where; compare with a backup.",
    );
  const days = Math.floor((Date.now() - check.at.getTime()) / DAY_MS);
  return days > 2
    ? warn(`The audit was last verified ${days} days ago.`, "portcullis audit verify")
    : ok(`The audit was whole when it was last verified, ${check.entries.toLocaleString("en")} entries.`);
}
