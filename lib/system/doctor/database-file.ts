import { createRequire } from "node:module";
import { z } from "zod";
import { run } from "../run";

const answerSchema = z.object({
  faults: z.array(z.string()),
  migrations: z.array(z.object({ name: z.string(), finished: z.boolean() })),
});

export type DatabaseFile =
  | { kind: "read"; faults: string[]; migrations: { name: string; finished: boolean }[] }
  | { kind: "refused"; reason: string }
  | { kind: "late" };

/** `quick_check` tells of damage up to this many times; one is enough to know. */
const SCRIPT = `
const Database = require(process.argv[1]);
const db = new Database(process.argv[2], { timeout: 5000 });
const faults = db.prepare("PRAGMA quick_check(5)").all().map((row) => String(Object.values(row)[0])).filter((said) => said !== "ok");
const has = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = '_prisma_migrations'").get().n > 0;
const migrations = has ? db.prepare("SELECT migration_name AS name, finished_at IS NOT NULL AND rolled_back_at IS NULL AS finished FROM _prisma_migrations").all() : [];
console.log(JSON.stringify({ faults, migrations: migrations.map(({ name, finished }) => ({ name, finished: finished === 1 })) }));
`;

/**
 * Opens a database, reads it through and says what it is made of. In a process of its own: SQLite holds up the one that
 * asks, and can't be stopped in the middle of a large file.
 */
export async function readDatabaseFile(path: string, timeoutMs: number): Promise<DatabaseFile> {
  const library = createRequire(import.meta.url).resolve("libsql");
  const ran = await run(process.execPath, ["-e", SCRIPT, library, path], { timeoutMs });
  if (ran.timedOut) return { kind: "late" };
  if (ran.exitCode !== 0) return { kind: "refused", reason: reasonIn(ran.stderr) };
  return { kind: "read", ...answerSchema.parse(JSON.parse(ran.stdout)) };
}

function reasonIn(stderr: string): string {
  const line = stderr.split("\n").find((one) => /Error:/.test(one));
  return (line ?? stderr.trim().split("\n").at(-1) ?? "").replace(/^.*?Error: /, "") || "no reason given";
}
