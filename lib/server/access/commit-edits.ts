import type { Edit, LiftEdit, PolicyEdit, SuspendEdit } from "@/lib/core/access/edits";
import type { MapKey, MapRow } from "@/lib/core/access/map-rows";
import type { Write } from "../database/client";
import { log } from "../log";
import type { MailNode } from "../node";
import { nextSequence } from "./sequence";
import { writeLifts } from "./write-lifts";
import { writePolicies } from "./write-policies";
import { writeSuspensions } from "./write-suspensions";

/** What edits of one kind came to in the database, and what the map must follow with. */
export interface Written {
  /** Subjects that were changed: edits of what is so already are none. */
  changed: number;
  remove: MapKey[];
  put: MapRow[];
}

export interface Committed {
  changed: number;
  /** The map has it, so the next login is decided by it. False: saved, and the map could not be written. */
  enforced: boolean;
  /** Why it is not enforced; empty when it is. */
  trouble: string;
}

/** What surrounds the edits of one transaction. */
export interface Frame {
  /** Makes or finds the change that they belong to. What it throws undoes everything. */
  begin: (write: Write) => Promise<number>;
  /** Told how many there were to make. */
  finish: (write: Write, changeId: number, changed: number) => Promise<void>;
}

/**
 * Writes edits of a change to the database and to the access map, under the map's lock: both or, where the map's disk
 * fails after the database's commit, the database alone, which is told and mended later.
 */
export async function commitEdits(
  node: MailNode,
  { begin, finish }: Frame,
  edits: readonly Edit[],
): Promise<Committed & { changeId: number }> {
  let saved: { changeId: number; written: Written } | undefined;
  let trouble = "";
  try {
    await node.map.exclusively(async (map) => {
      const { sequence, ...rest } = await node.db.$transaction(
        async (write) => {
          const changeId = await begin(write);
          const written = await writeEdits(write, changeId, edits);
          await finish(write, changeId, written.changed);
          return {
            changeId,
            written,
            sequence: written.changed > 0 ? await nextSequence(write, node) : undefined,
          };
        },
        { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS },
      );
      saved = rest;
      if (sequence === undefined) return;
      map.remove(rest.written.remove);
      map.put(rest.written.put);
      map.setSequence(sequence);
    });
  } catch (error) {
    if (!saved) throw error;
    log.error({ err: error, change: saved.changeId }, "An access change is saved and not in the map");
    trouble = error instanceof Error ? error.message : String(error);
  }
  if (!saved) throw new Error("The access map ran no action.");
  return {
    changeId: saved.changeId,
    changed: saved.written.changed,
    enforced: trouble === "",
    trouble,
  };
}

const TRANSACTION_TIMEOUT_MS = 15_000;

async function writeEdits(write: Write, changeId: number, edits: readonly Edit[]): Promise<Written> {
  const parts = [
    await writePolicies(
      write,
      changeId,
      edits.filter((edit): edit is PolicyEdit => edit.kind === "policy"),
    ),
    await writeLifts(
      write,
      changeId,
      edits.filter((edit): edit is LiftEdit => edit.kind === "lift"),
    ),
    await writeSuspensions(
      write,
      changeId,
      edits.filter((edit): edit is SuspendEdit => edit.kind === "suspend"),
    ),
  ];
  return {
    changed: parts.reduce((sum, { changed }) => sum + changed, 0),
    remove: parts.flatMap(({ remove }) => remove),
    put: parts.flatMap(({ put }) => put),
  };
}
