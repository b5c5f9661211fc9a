import { z } from "zod";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { atMost, BadFile } from "../files/bad-file";

/** JSON is read whole; a longer list can be given as CSV, which is read line by line. In bytes. */
const LARGEST = 64 * 1024 * 1024;

const entrySchema = z.record(z.string(), z.unknown());
/** A protocol as `accounts export` and `accounts list --json` tell it. */
const toldSchema = z.looseObject({ override: z.string(), until: z.string().nullable() });
/** What such an entry has besides and no import takes. */
const TOLD = ["domain", "vanishedAt", "suspensions", "lastChange", "annotations", "protocols"];

export interface Entry {
  line: number;
  cells: Record<string, string>;
  problems: string[];
}

/** @throws BadFile when it is no array. */
export async function* jsonEntries(content: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const pieces: Uint8Array[] = [];
  for await (const piece of atMost(content, LARGEST)) pieces.push(piece);
  const list = z.array(z.unknown()).safeParse(parsed(Buffer.concat(pieces)));
  if (!list.success)
    throw new BadFile(
      'The file is no list: it must hold an array of objects with "address", "imap", "pop3".',
    );
  for (const [index, value] of list.data.entries()) {
    const entry = entrySchema.safeParse(value);
    if (entry.success) yield { line: index + 1, ...cellsOf(entry.data) };
    else yield { line: index + 1, cells: {}, problems: ["It is no object."] };
  }
}

function cellsOf(entry: Record<string, unknown>): Pick<Entry, "cells" | "problems"> {
  const cells: Record<string, string> = {};
  const problems: string[] = [];
  const told = PROTOCOLS.some((protocol) => toldSchema.safeParse(entry[protocol]).success);
  for (const [key, value] of Object.entries(entry)) {
    const protocol = toldSchema.safeParse(value);
    if (told && TOLD.includes(key)) continue;
    if (told && protocol.success && PROTOCOLS.some((one) => one === key)) {
      cells[`${key}_override`] = protocol.data.override;
      cells[`${key}_until`] = protocol.data.until ?? "";
    } else if (typeof value === "string" || value === null) cells[key.toLowerCase()] = value ?? "";
    else problems.push(`${JSON.stringify(key.slice(0, 80))} holds no text.`);
  }
  return { cells, problems };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new BadFile(`The file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
