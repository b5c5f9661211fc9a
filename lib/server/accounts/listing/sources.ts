import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { listUsers } from "@/lib/system/dovecot/user-listing";
import { onDisk } from "@/lib/system/files";
import { BadFile } from "../files/bad-file";
import { csvRows } from "../files/csv-rows";
import type { AccountSource } from "./sync";

/** The daemon's own list. */
export function serverSource(instance: DovecotInstance): AccountSource {
  return { name: "server", list: (batchSize, take) => listUsers(instance, batchSize, take) };
}

/** JSON is read whole; a longer list can be given as CSV, which is read line by line. In bytes. */
const LONGEST_JSON = 64 * 1024 * 1024;

const jsonSchema = z.array(z.union([z.string(), z.looseObject({ address: z.string() })]));

/**
 * A file of addresses, for a server that can't list them: JSON (an array of addresses, or of objects with `address`), or
 * CSV whose column `address`, or else whose first, holds them.
 * @throws MachineFailure when it can't be read or isn't of that form.
 */
export function fileSource(path: string): AccountSource {
  return {
    name: basename(path),
    async list(batchSize, take) {
      if (path.toLowerCase().endsWith(".json")) await takeJson(path, batchSize, take);
      else await takeCsv(path, batchSize, take);
      return { complete: true, trouble: "" };
    },
  };
}

async function takeJson(
  path: string,
  batchSize: number,
  take: (names: string[]) => Promise<void>,
): Promise<void> {
  const { size } = await onDisk(`reading ${path}`, () => stat(path));
  if (size > LONGEST_JSON)
    throw new MachineFailure(`${path} is larger than 64 MB; give a list of that size as CSV.`);
  const parsed = jsonSchema.safeParse(parseJson(path, await readFile(path, "utf8")));
  if (!parsed.success)
    throw new MachineFailure(`${path} is not a list of addresses, nor of objects with "address".`);
  const names = parsed.data.map((entry) => (typeof entry === "string" ? entry : entry.address));
  for (let start = 0; start < names.length; start += batchSize)
    await take(names.slice(start, start + batchSize));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MachineFailure(
      `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function takeCsv(
  path: string,
  batchSize: number,
  take: (names: string[]) => Promise<void>,
): Promise<void> {
  let column: number | undefined;
  let batch: string[] = [];
  try {
    for await (const { cells } of csvRows(createReadStream(path))) {
      if (column === undefined) {
        const named = cells.findIndex((cell) => cell.toLowerCase() === "address");
        column = Math.max(0, named);
        if (named >= 0) continue;
      }
      batch.push(cells[column] ?? "");
      if (batch.length < batchSize) continue;
      await take(batch);
      batch = [];
    }
  } catch (error) {
    const trouble = sentenceFor(error);
    if (trouble === undefined) throw error;
    throw new MachineFailure(`${path} can't be read: ${trouble}`);
  }
  if (batch.length > 0) await take(batch);
}

function sentenceFor(error: unknown): string | undefined {
  if (error instanceof BadFile)
    return error.line === null ? error.message : `line ${error.line}: ${error.message}`;
  return error instanceof Error && "syscall" in error ? error.message : undefined;
}
