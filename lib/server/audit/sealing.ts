import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { Sealing } from "@/lib/core/audit/chain";
import { readIfThere } from "@/lib/system/files";
import type { Database, Write } from "../database/client";
import type { Home } from "../home";

const KEY_BYTES = 32;

/** The database's file: head and secret of its audit lie beside it. */
export async function fileOf(db: Database | Write): Promise<string> {
  const [row] = await db.$queryRaw<
    { file: string }[]
  >`SELECT file FROM pragma_database_list WHERE name = 'main'`;
  if (!row) throw new Error("The database doesn't say which file it is.");
  return row.file;
}

/** How entries of a home are hashed and sealed. A home without a secret (of a test) has no seals. */
export async function sealingOf(home: Home): Promise<Sealing> {
  const secret = (await readIfThere(home.secret))?.trim();
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  if (!secret) return { hash, seal: undefined };
  const key = Buffer.from(hkdfSync("sha256", secret, "", "portcullis audit seal", KEY_BYTES));
  return { hash, seal: (text) => createHmac("sha256", key).update(text).digest("hex") };
}
