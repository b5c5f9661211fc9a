import { Prisma } from "@/prisma/client/client";
import type { Database } from "./client";

/**
 * What a statement that answers with one JSON text says. Ten thousand rows come ten times as quickly in one text as row
 * by row, and nothing else of this process runs while they come.
 */
export async function jsonOf<T>(db: Database, select: Prisma.Sql): Promise<T> {
  const [row] = await db.$queryRaw<{ json: string }[]>`SELECT (${select}) AS "json"`;
  return JSON.parse(row?.json ?? "null") as T;
}
