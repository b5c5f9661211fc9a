import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { performance } from "node:perf_hooks";
import { markOf } from "@/lib/core/apply/prepare";
import { type FileSet, renderSettings } from "@/lib/core/dovecot/render";
import { latestRevision } from "@/lib/server/mailserver/revisions";
import { DOVECOTS } from "../support/dovecot-versions";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";
import { type BenchReport, type BenchRow, figuresOf } from "./measure";

const ROUNDS = 20;

/** A change of one setting, all of a save, beside the same by hand: files swapped, one reload, ports looked at. */
export default async function bench(): Promise<BenchReport> {
  const rows: BenchRow[] = [];
  const notes = [
    "Floor: both files swapped in place, `doveadm reload`, polling until the mark and every port answer; nothing checked before.",
    "Ours: all of a save in the process of the panel: lock, checks of a staged copy, database, swap, reload, confirmation, records.",
  ];
  for (const dovecot of DOVECOTS) {
    if (dovecot.missing) {
      notes.push(`Dovecot ${dovecot.family} was left out: ${dovecot.missing}`);
      continue;
    }
    const sandbox = await startSandbox(dovecot);
    const runs = countDoveconf();
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const begun = performance.now();
      await save(sandbox, { idle_check_s: 40 + (round % 2) });
      ours.push(performance.now() - begun);
    }
    const counted = runs.end();
    const floor = await byHand(sandbox);
    rows.push(
      {
        what: `one setting, Dovecot ${dovecot.family}`,
        unit: "ms",
        ours: figuresOf(ours),
        floor: { what: "swap, reload, probe by hand", figures: figuresOf(floor) },
      },
      {
        what: `doveconf runs per save, ${dovecot.family}`,
        unit: "count",
        ours: figuresOf([counted.length / ROUNDS]),
      },
      { what: `one doveconf run, ${dovecot.family}`, unit: "ms", ours: figuresOf(counted) },
    );
    await sandbox.remove();
  }
  return { title: `One change of a setting applied, ${ROUNDS} times`, rows, notes };
}

/** How long each `doveconf` runs, from now until `end`. */
function countDoveconf(): { end(): number[] } {
  const taken: number[] = [];
  const onProcess = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess };
    const begun = performance.now();
    child.once("exit", () => {
      if (child.spawnargs.includes("doveconf")) taken.push(performance.now() - begun);
    });
  };
  subscribe("child_process", onProcess);
  return {
    end() {
      unsubscribe("child_process", onProcess);
      return taken;
    },
  };
}

async function byHand({ node }: TestSandbox): Promise<number[]> {
  const { ports, db } = node;
  const { values } = await latestRevision(db);
  const target = await ports.target();
  const states = [50, 51].map(
    (idle_check_s) => renderSettings({ ...values, idle_check_s }, target, ports.digest).files,
  );
  const live = await ports.readLive();
  const { effective } = await ports.stage(live ?? {});
  const listeners = effective?.listeners ?? [];
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const files: FileSet = states[round % 2] ?? {};
    const begun = performance.now();
    await ports.swap(files);
    await ports.reload();
    while ((await ports.loadOf(markOf(files) ?? "")) === undefined) await ports.wait(2);
    while ((await ports.look(listeners)).some(({ state }) => state !== "open")) await ports.wait(2);
    taken.push(performance.now() - begun);
  }
  return taken;
}
