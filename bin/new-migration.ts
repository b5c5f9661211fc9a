import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILTERS, schemaEngine } from "@/lib/server/database/engine";
import { migrate } from "@/lib/server/database/migrate";
import { Unready } from "./prepare/say.mjs";

/** Writes the SQL of a new migration: what prisma/schema.prisma has and the migrations so far don't. */
export async function newMigration(name: string): Promise<void> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Unready("usage: npm run migration -- a-short-name");
  const folder = join(process.cwd(), "prisma/migrations");
  const sql = await differenceTo(folder);
  if (sql === "" || sql.startsWith("-- This is an empty migration")) {
    process.stdout.write("The migrations already come to the schema: nothing to write.\n");
    return;
  }
  const numbers = (await readdir(folder)).map((entry) => Number.parseInt(entry, 10)).filter(Number.isInteger);
  const target = join(folder, `${String(Math.max(0, ...numbers) + 1).padStart(4, "0")}_${name}`);
  await mkdir(target);
  await writeFile(join(target, "migration.sql"), `${sql}\n`);
  process.stdout.write(`Wrote ${target}/migration.sql. Read it before you commit it.\n`);
}

async function differenceTo(migrations: string): Promise<string> {
  const files = [{ path: "schema.prisma", content: await readFile("prisma/schema.prisma", "utf8") }];
  const scratch = await mkdtemp(join(tmpdir(), "portcullis-migration-"));
  try {
    const database = join(scratch, "now.sqlite");
    await migrate(database, migrations);
    const engine = await schemaEngine(database);
    const { stdout } = await engine.diff({
      // The adapter's own database, which the migrations so far were just applied to.
      from: { tag: "schemaDatasource", files, configDir: process.cwd() },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: FILTERS,
    });
    return stdout?.trim() ?? "";
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
