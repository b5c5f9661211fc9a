import { constantFrom, property, array as someOf, subarray, assert as verify } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alert, Standing, Telling, TellingRules } from "@/lib/core/alerts/alert";
import { mayTry, waitAfter } from "@/lib/core/alerts/backoff";
import { dueFor, isToBeTold } from "@/lib/core/alerts/due";
import { track } from "@/lib/core/alerts/track";

const START = Date.parse("2026-11-25T12:00:00Z");
const at = (seconds: number) => new Date(START + seconds * 1000);
const HOUR_S = 3600;

const RULES: TellingRules = { settleMs: 60_000, repeatMs: 24 * HOUR_S * 1000, least: "warning" };
const UNTOLD: Telling = { toldAt: null, toldAs: null, times: 0, overToldAt: null };

const standing = (key: string, severity: Standing["severity"] = "warning"): Standing => ({
  key,
  severity,
  sentence: `${key} is wrong.`,
  href: "/",
});
const alert = (facts: Partial<Alert> = {}): Alert => ({
  ...standing("a"),
  id: 1,
  firstSeenAt: at(0),
  endedAt: null,
  ...facts,
});

describe("what a look changes", () => {
  it("begins, goes on and ends, each by its key", () => {
    const kept = [alert({ id: 1, key: "stays" }), alert({ id: 2, key: "goes" })];
    expect(track(kept, [standing("stays", "alarm"), standing("new")], at(10), 60_000)).toEqual({
      begun: [standing("new")],
      standing: [{ id: 1, now: standing("stays", "alarm") }],
      ended: [2],
      fleeting: [],
    });
  });

  it("takes one of a key that is found twice: the worse", () => {
    const { begun } = track([], [standing("a"), standing("a", "alarm"), standing("a")], at(0), 0);
    expect(begun).toEqual([standing("a", "alarm")]);
  });

  it.each([
    [59, { begun: [], standing: [{ id: 1, now: standing("a") }] }],
    [60, { begun: [standing("a")], standing: [] }],
  ])("what comes back %i seconds after it went", (seconds, expected) => {
    const gone = alert({ endedAt: at(1000) });
    expect(track([gone], [standing("a")], at(1000 + seconds), 60_000)).toMatchObject(expected);
  });

  it("forgets what was over before it could be told, and not what stood long enough", () => {
    const short = alert({ id: 1, endedAt: at(59) });
    const long = alert({ id: 2, endedAt: at(60) });
    expect(track([short, long], [], at(200), 60_000).fleeting).toEqual([1]);
  });
});

describe("what a channel is told", () => {
  it.each([
    ["not yet", alert(), 59, RULES, false],
    ["after it stood", alert(), 60, RULES, true],
    ["at once where nothing is waited for", alert(), 0, { ...RULES, settleMs: 0 }, true],
    ["nothing of a warning where alarms are asked for", alert(), 60, { ...RULES, least: "alarm" }, false],
    ["an alarm then", alert({ severity: "alarm" }), 60, { ...RULES, least: "alarm" }, true],
    ["nothing of what is over", alert({ endedAt: at(70) }), 80, RULES, false],
  ] as const)("%s", (_case, one, seconds, rules, expected) => {
    expect(isToBeTold(one, rules, at(seconds))).toBe(expected);
  });

  const told: Telling = { toldAt: at(60), toldAs: "warning", times: 1, overToldAt: null };
  const over = alert({ endedAt: at(600) });
  it.each([
    ["that it began", alert(), UNTOLD, 60, RULES, "began"],
    ["nothing twice", alert(), told, 75, RULES, undefined],
    ["that it became worse", alert({ severity: "alarm" }), told, 75, RULES, "worse"],
    ["that once", alert({ severity: "alarm" }), { ...told, toldAs: "alarm" }, 90, RULES, undefined],
    ["nothing a moment before it is told again", alert(), told, 59 + 24 * HOUR_S, RULES, undefined],
    ["that it still stands", alert(), told, 60 + 24 * HOUR_S, RULES, "stands"],
    ["never again", alert(), told, 900 * HOUR_S, { ...RULES, repeatMs: 0 }, undefined],
    ["nothing while it may come back", over, told, 659, RULES, undefined],
    ["that it is over", over, told, 660, RULES, "over"],
    ["that once more not", over, { ...told, overToldAt: at(661) }, 700, RULES, undefined],
    ["that it was, where it could not be told", over, UNTOLD, 660, RULES, "over"],
    ["nothing of a warning any more", alert(), told, 99 * HOUR_S, { ...RULES, least: "alarm" }, undefined],
  ] as const)("%s", (_case, one, telling, seconds, rules, expected) => {
    expect(dueFor(one, telling, rules, at(seconds))).toBe(expected);
  });
});

describe("over any course of things", () => {
  /** What a receiver hears that takes everything, a look every fifteen seconds. */
  const heard = (looks: readonly (readonly string[])[], settleMs: number): string[] => {
    const rules = { ...RULES, settleMs, repeatMs: 0 };
    const rows: { alert: Alert; telling: Telling | undefined }[] = [];
    const words: string[] = [];
    looks.forEach((keys, index) => {
      const now = at(index * 15);
      const kept = rows.filter(({ telling }) => !telling?.overToldAt).map((row) => row.alert);
      const tracked = track(
        kept,
        keys.map((key) => standing(key)),
        now,
        settleMs,
      );
      for (const row of rows) {
        if (tracked.standing.some(({ id }) => id === row.alert.id)) row.alert.endedAt = null;
        if (tracked.ended.includes(row.alert.id)) row.alert.endedAt = now;
      }
      for (const one of tracked.begun)
        rows.push({ alert: { ...alert({ ...one, firstSeenAt: now }), id: rows.length }, telling: undefined });
      for (const row of rows) {
        if (isToBeTold(row.alert, rules, now)) row.telling ??= { ...UNTOLD };
        const happening = row.telling && dueFor(row.alert, row.telling, rules, now);
        if (!happening || !row.telling) continue;
        words.push(`${row.alert.key} ${happening}`);
        if (happening === "over") row.telling.overToldAt = now;
        else Object.assign(row.telling, { toldAt: now, toldAs: "warning" });
      }
      const open = rows.filter((row) => row.alert.endedAt === null).map((row) => row.alert.key);
      expect(open.toSorted()).toEqual(keys.toSorted());
    });
    return words;
  };

  it("each thing begins and ends by turns, and never twice the same", () => {
    const courses = someOf(subarray(["a", "b"]), { maxLength: 40 });
    verify(
      property(courses, constantFrom(0, 30_000, 60_000), (looks, settleMs) => {
        for (const key of ["a", "b"]) {
          const mine = heard(looks, settleMs).filter((word) => word.startsWith(`${key} `));
          mine.forEach((word, index) => expect(word).toBe(`${key} ${index % 2 === 0 ? "began" : "over"}`));
        }
      }),
    );
  });

  it("what flaps is told once, and what was there for one look not at all", () => {
    const flapping = Array.from({ length: 30 }, (_, look) => (look % 2 === 0 ? ["a"] : []));
    expect(heard([...flapping, [], [], [], [], [], []], 60_000)).toEqual(["a began", "a over"]);
    expect(heard([["a"], [], [], [], [], [], []], 60_000)).toEqual([]);
  });
});

describe("a channel that fails", () => {
  const state = { claimedUntil: null, nextTryAt: null, triedVersion: 3 };

  it("is tried again later and later, and at least every quarter of an hour", () => {
    expect([1, 2, 3, 4].map(waitAfter)).toEqual([15_000, 30_000, 60_000, 120_000]);
    expect(waitAfter(7)).toBe(900_000);
    expect(waitAfter(5000)).toBe(900_000);
  });

  it.each([
    ["at once the first time", state, 3, true],
    ["not before its time", { ...state, nextTryAt: at(10) }, 3, false],
    ["at its time", { ...state, nextTryAt: at(0) }, 3, true],
    ["at once with other settings", { ...state, nextTryAt: at(10) }, 4, true],
    ["not while another process sends", { ...state, claimedUntil: at(10) }, 4, false],
    ["after one that died while it sent", { ...state, claimedUntil: at(-1) }, 3, true],
    [
      "although a clock was put back by a day",
      { ...state, nextTryAt: at(86_400), claimedUntil: at(86_400) },
      3,
      true,
    ],
  ] as const)("%s", (_case, one, version, expected) => {
    expect(mayTry(one, version, at(0))).toBe(expected);
  });
});
