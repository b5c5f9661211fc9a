import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commit } from "@/lib/core/apply/commit";
import type { Outcome } from "@/lib/core/apply/outcome";
import { digestsOf, type InForce, markOf, prepare, sameFiles } from "@/lib/core/apply/prepare";
import { recover } from "@/lib/core/apply/recover";
import { renderSettings } from "@/lib/core/dovecot/render";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { unsetSettings } from "@/lib/core/settings/schema";
import { protocolsIn, simulatedMachine, type Trouble } from "../../../support/simulated-machine";

const none: Trouble = () => false;
const BOTH: SettingsValues = { ...unsetSettings, imap: true, pop3: true };
const IMAP_ONLY: SettingsValues = { ...BOTH, pop3: false };

/** A machine on which `from` is in force, and what happens when `to` is applied. */
async function change(from: SettingsValues, to: SettingsValues, trouble: Trouble) {
  let calm = true;
  const machine = simulatedMachine((port) => !calm && trouble(port), protocolsIn);
  const { ports } = machine;
  const { files, mark } = renderSettings(from, await ports.target(), ports.digest);
  machine.start(files);
  const inForce: InForce = {
    revision: 1,
    values: from,
    fileDigests: digestsOf(files, ports),
    mark,
    loadedMark: mark,
    listeners: [],
  };
  calm = false;
  const preparation = await prepare(ports, to, inForce);
  const outcome: Outcome = preparation.ok
    ? await commit(ports, preparation.prepared, { revision: 2, replaceEdited: false })
    : { kind: "rejected", problems: preparation.problems };
  calm = true;
  const wanted = renderSettings(to, await ports.target(), ports.digest).files;
  return { machine, outcome, before: files, wanted };
}

describe("the apply engine", () => {
  it("closes without a reload and opens with one", async () => {
    const closing = await change(BOTH, IMAP_ONLY, none);
    expect(closing.outcome).toMatchObject({ kind: "applied", enforcement: { how: "stop" } });
    expect(closing.machine.state().reloads).toBe(0);
    const opening = await change(IMAP_ONLY, BOTH, none);
    expect(opening.outcome).toMatchObject({ kind: "applied", enforcement: { how: "reload" } });
    expect(opening.machine.state().reloads).toBe(1);
  });

  it("changes what has no effect without touching the daemon, alone and beside a closing", async () => {
    const level = { ...BOTH, compress: false, compress_level: 6 };
    const alone = await change(level, { ...level, compress_level: 9 }, none);
    expect(alone.outcome).toMatchObject({ kind: "unchanged" });
    const beside = await change(level, { ...level, compress_level: 9, pop3: false }, none);
    expect(beside.outcome).toMatchObject({ kind: "applied", enforcement: { how: "stop" } });
    expect([beside.machine.state().answers("imap"), beside.machine.state().answers("pop3")]).toEqual([
      true,
      false,
    ]);
    expect([alone, beside].map(({ machine }) => machine.state().reloads)).toEqual([0, 0]);
  });

  it("opens one and closes the other by one reload", async () => {
    const { outcome, machine } = await change(IMAP_ONLY, { ...BOTH, imap: false }, none);
    expect(outcome).toMatchObject({ kind: "applied", enforcement: { how: "reload" } });
    expect([machine.state().answers("imap"), machine.state().answers("pop3")]).toEqual([false, true]);
  });

  it("waits at least five seconds before it signals again after a reload that was not obeyed", async () => {
    let reloads = 0;
    const { outcome, machine } = await change(IMAP_ONLY, BOTH, (port) => port === "load" && reloads++ === 0);
    // The daemon never loaded the new file, so the old one is in force as soon as its file is back.
    expect(outcome).toMatchObject({ kind: "rolled-back" });
    expect(machine.state().reloads).toBe(1);
  });

  it("is stuck only after it has tried the way back again and again, ever slower", async () => {
    let calls = 0;
    const { outcome, machine } = await change(IMAP_ONLY, BOTH, (port) => port === "answer" && calls++ >= 0);
    expect(outcome).toMatchObject({ kind: "stuck", reason: expect.stringContaining("TLS handshake") });
    expect(machine.state().reloads).toBe(5);
    expect(machine.state().elapsedMs).toBeGreaterThan(35_000);
    expect(sameFiles(machine.state().live, (await change(IMAP_ONLY, BOTH, none)).before)).toBe(true);
  });

  it("leaves, whatever fails in whatever order, whole files and an outcome that is true", async () => {
    // The level has no effect without compression: a change that needs nothing, alone and beside others.
    const state = fc
      .record({
        imap: fc.boolean(),
        pop3: fc.boolean(),
        compress: fc.constantFrom(null, false, true),
        compress_level: fc.integer({ min: 0, max: 1 }),
      })
      .map((some): SettingsValues => ({ ...unsetSettings, ...some }));
    await fc.assert(
      fc.asyncProperty(
        state,
        state,
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        async (from, to, dice) => {
          const trouble: Trouble = () => dice.next().value < 3;
          const { machine, outcome, before, wanted } = await change(from, to, trouble);
          const { live, loadedIsLive, answers } = machine.state();
          const isBefore = sameFiles(live, before);
          const isWanted = sameFiles(live, wanted);
          expect(isBefore || isWanted).toBe(true);
          if (outcome.kind === "applied" || outcome.kind === "unchanged") {
            expect(isWanted).toBe(true);
            expect([answers("imap"), answers("pop3")]).toEqual([to.imap, to.pop3]);
          }
          if (outcome.kind === "rejected") expect(isBefore).toBe(true);
          if (outcome.kind === "rolled-back") {
            expect(isBefore).toBe(true);
            expect([answers("imap"), answers("pop3")]).toEqual([from.imap, from.pop3]);
          }
          if (outcome.kind !== "stuck") {
            expect(machine.state().journal).toBeUndefined();
            return;
          }
          // Stuck: once the trouble is over, the next start brings the files and the daemon together.
          await recover(machine.ports);
          await machine.ports.reload();
          expect(loadedIsLive || machine.state().loadedIsLive).toBe(true);
          expect(await machine.ports.loadOf(markOf(machine.state().live ?? {}) ?? "")).toBeDefined();
        },
      ),
      { numRuns: 2000 },
    );
  });
});
