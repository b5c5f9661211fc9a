import type { AccessMap, MapWrite } from "@/lib/core/access/map-port";
import type { MapKey, MapRow } from "@/lib/core/access/map-rows";
import type { Engine } from "@/lib/core/apply/engine";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import type { Prepared } from "@/lib/core/apply/prepare";
import { type MapLine, MOST_ROWS, type RebuildLine } from "@/lib/core/helper/requests";
import { isSettingKey } from "@/lib/core/settings/catalogue";
import { askHelper, type HelperAddress, talkTo } from "./client";

/** The engine's runs, in the helper. It has its own record of what is in force and needs none of ours. */
export function helperEngine(helper: HelperAddress): Engine {
  const tickets = new WeakMap<Prepared, string>();
  return {
    async prepare(ports, values, _inForce, touched = new Set()) {
      const request = { ask: "prepare", values, touched: [...touched].filter(isSettingKey) } as const;
      const { preparation, ticket } = await askHelper(helper, request, {
        onStep: (step, detail) => ports.report(step, detail),
      });
      if (preparation.ok) tickets.set(preparation.prepared, ticket);
      return preparation;
    },
    async commit(ports, prepared, { revision, replaceEdited, trial }) {
      const ticket = tickets.get(prepared) ?? "";
      const request = { ask: "commit", ticket, revision, replaceEdited, trial: trial ?? null } as const;
      return await askHelper(helper, request, { onStep: (step, detail) => ports.report(step, detail) });
    },
    recover: async () => (await askHelper(helper, { ask: "recover" })) ?? undefined,
  };
}

/** What this process can see by itself stays as `own` has it; what it may not is asked; what changes anything is the engine's. */
export function helperPorts(helper: HelperAddress, own: MachinePorts): MachinePorts {
  return {
    ...own,
    target: () => askHelper(helper, { ask: "target" }),
    isRunning: () => askHelper(helper, { ask: "running" }),
    loadOf: async (mark) => (await askHelper(helper, { ask: "load", mark })) ?? undefined,
    stage: onlyTheHelper,
    examineTls: onlyTheHelper,
    keepGood: onlyTheHelper,
    swap: onlyTheHelper,
    reload: onlyTheHelper,
    stopServices: onlyTheHelper,
    endSessions: onlyTheHelper,
    journal: { read: onlyTheHelper, write: onlyTheHelper, clear: onlyTheHelper },
  };
}

async function onlyTheHelper(): Promise<never> {
  throw new MachineFailure("Only Portcullis's helper does this here, as a part of a whole change.");
}

/** The access map, written by the helper. Whoever may sign in at Dovecot is no secret to the panel: it reads the file itself. */
export function helperMap(helper: HelperAddress, own: AccessMap): AccessMap {
  return {
    async exclusively(action) {
      const talk = await talkTo(helper, { ask: "map-write" });
      try {
        await talk.ready();
        const written = new Written();
        const result = await action(written);
        for (const line of written.lines()) await talk.send(line);
        await talk.answer();
        return result;
      } finally {
        // Without an end that came through, nothing of it counts.
        talk.hangUp();
      }
    },
    rows: (beyond) => own.rows(beyond),
    sequence: () => own.sequence(),
    async rebuild(rows, sequence) {
      const talk = await talkTo(helper, { ask: "map-rebuild", sequence });
      try {
        await talk.ready();
        for await (const page of rows)
          for (const part of parts(page)) await talk.send({ rows: part } satisfies RebuildLine);
        await talk.send({ end: true } satisfies RebuildLine);
        await talk.answer();
      } finally {
        talk.hangUp();
      }
    },
  };
}

/** What a transaction writes, told at its end: keys first, as the map's own transaction has it. */
class Written implements MapWrite {
  private readonly removed: MapKey[] = [];
  private readonly rows: MapRow[] = [];
  private sequence: number | null = null;

  remove(keys: readonly MapKey[]): void {
    // Of a row only what names it.
    for (const { k, proto, kind } of keys) this.removed.push({ k, proto, kind });
  }

  put(rows: readonly MapRow[]): void {
    this.rows.push(...rows);
  }

  setSequence(sequence: number): void {
    this.sequence = sequence;
  }

  *lines(): Iterable<MapLine> {
    for (const remove of parts(this.removed)) yield { remove, put: [] };
    for (const put of parts(this.rows)) yield { remove: [], put };
    yield { end: true, sequence: this.sequence };
  }
}

function* parts<T>(all: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < all.length; from += MOST_ROWS) yield all.slice(from, from + MOST_ROWS);
}
