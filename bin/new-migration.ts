/** Writes the SQL of a new migration: what prisma/schema.prisma has and the migrations so far don't. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_FILTER, schemaEngine } from "@/lib/server/database/engine";
import { migrate } from "@/lib/server/database/migrate";

const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  process.stderr.write("usage: npm run migration -- a-short-name\n");
  process.exit(2);
}

const files = [{ path: "schema.prisma", content: await readFile("prisma/schema.prisma", "utf8") }];
const scratch = await mkdtemp(join(tmpdir(), "portcullis-migration-"));
const folder = join(process.cwd(), "prisma/migrations");
try {
  const database = join(scratch, "now.sqlite");
  await migrate(database, folder);
  const engine = await schemaEngine(database);
  const { stdout } = await engine.diff({
    // The adapter's own database, which the migrations so far were just applied to.
    from: { tag: "schemaDatasource", files, configDir: process.cwd() },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: null,
    filters: NO_FILTER,
  });
  const sql = stdout?.trim() ?? "";
  if (sql === "" || sql.startsWith("-- This is an empty migration")) {
    process.stdout.write("The migrations already come to the schema: nothing to write.\n");
  } else {
    const number = String(
      (await readdir(folder, { withFileTypes: true })).filter((e) => e.isDirectory()).length + 1,
    );
    const target = join(folder, `${number.padStart(4, "0")}_${name}`);
    await mkdir(target);
    await writeFile(join(target, "migration.sql"), `${sql}\n`);
    process.stdout.write(`Wrote ${target}/migration.sql. Read it before you commit it.\n`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
