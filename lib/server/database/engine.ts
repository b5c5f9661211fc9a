import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type * as SchemaEngineModule from "@prisma/schema-engine-wasm/schema_engine_bg";

type Module = typeof SchemaEngineModule & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

/**
 * Prisma's schema engine as WebAssembly out of its npm package. The CLI would download a native one at this
 * point; this way a machine without a way out can be installed and upgraded as well.
 */
export async function schemaEngine(databasePath: string): Promise<SchemaEngineModule.SchemaEngine> {
  shared.portcullisSchemaEngine ??= load();
  return await (await shared.portcullisSchemaEngine).SchemaEngine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new PrismaLibSql({ url: `file:${databasePath}` })),
  );
}

/** Once a process, also where several bundles hold this module: the glue code keeps views of the first instance's memory. */
const shared = globalThis as { portcullisSchemaEngine?: Promise<Module> };

async function load(): Promise<Module> {
  const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  // A path that the bundlers don't see: they would try to follow the import to the binary.
  const glue = (await import(join(folder, "schema_engine_bg.js"))) as Module;
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": glue as unknown as WebAssembly.ModuleImports,
  });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start !== "function")
    throw new Error("The schema engine has no start function: is its package whole?");
  start();
  return glue;
}

/** The search index and what SQLite keeps it in: raw SQL, of which Prisma's schema knows nothing. */
const SEARCH_TABLES = ["", "_config", "_data", "_docsize", "_idx", "_content"].map(
  (end) => `AccountSearch${end}`,
);

export const FILTERS = { externalTables: SEARCH_TABLES, externalEnums: [] };
