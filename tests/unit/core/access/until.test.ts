import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseUntil } from "@/lib/core/access/until";

/** A Friday. */
const NOW = Date.parse("2026-11-27T12:00:00Z") / 1000;

function read(text: string, zone = "UTC", now = NOW): string {
  const until = parseUntil(text, now, zone);
  return until.ok ? new Date(until.until * 1000).toISOString().replace(".000Z", "Z") : until.message;
}

describe("an end that somebody writes", () => {
  it.each([
    ["2026-11-27T18:00:00Z", "2026-11-27T18:00:00Z"],
    ["2026-11-27T18:00:00.000Z", "2026-11-27T18:00:00Z"],
    ["2026-11-27t18:00z", "2026-11-27T18:00:00Z"],
    ["2026-11-27T18:00+01:00", "2026-11-27T17:00:00Z"],
    ["2026-11-27T18:00-0530", "2026-11-27T23:30:00Z"],
    ["2026-11-27 18:00", "2026-11-27T18:00:00Z"],
    ["2026-11-27  18:00:07", "2026-11-27T18:00:07Z"],
    ["2026-11-28", "2026-11-28T00:00:00Z"],
    ["2026-11-27 24:00", "2026-11-28T00:00:00Z"],
    ["2028-02-29", "2028-02-29T00:00:00Z"],
    ["friday 18:00", "2026-11-27T18:00:00Z"],
    [" Fri 18:00 ", "2026-11-27T18:00:00Z"],
    ["friday 11:59", "2026-12-04T11:59:00Z"],
    ["friday 12:00", "2026-12-04T12:00:00Z"],
    ["friday", "2026-12-04T00:00:00Z"],
    ["monday 9:05", "2026-11-30T09:05:00Z"],
    ["today 18:00", "2026-11-27T18:00:00Z"],
    ["tomorrow", "2026-11-28T00:00:00Z"],
    ["tomorrow 09:00", "2026-11-28T09:00:00Z"],
    ["+7d", "2026-12-04T12:00:00Z"],
    ["+12h", "2026-11-28T00:00:00Z"],
    ["+1d12h", "2026-11-29T00:00:00Z"],
    ["+2w", "2026-12-11T12:00:00Z"],
    ["+90s", "2026-11-27T12:01:30Z"],
  ])("%j", (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it("means the zone that it is given", () => {
    expect(read("2026-11-27 18:00", "Europe/Berlin")).toBe("2026-11-27T17:00:00Z");
    expect(read("friday 18:00", "America/New_York")).toBe("2026-11-27T23:00:00Z");
    // In Auckland it is Saturday already.
    expect(read("friday 18:00", "Pacific/Auckland")).toBe("2026-12-04T05:00:00Z");
    expect(read("tomorrow", "Pacific/Auckland")).toBe("2026-11-28T11:00:00Z");
    expect(read("2026-11-27T18:00Z", "Europe/Berlin")).toBe("2026-11-27T18:00:00Z");
  });

  it("takes the first of an hour that comes twice, and goes on from one that is left out", () => {
    expect(read("2027-10-31 02:30", "Europe/Berlin")).toBe("2027-10-31T00:30:00Z");
    expect(read("2027-03-28 02:30", "Europe/Berlin")).toBe("2027-03-28T01:30:00Z");
  });

  it.each([
    ["", "is no end"],
    ["soon", "is no end"],
    ["18:00", "is no end"],
    ["7d", "is no end"],
    ["-7d", "is no end"],
    ["+d", "is no end"],
    ["+1y", "is no end"],
    ["freitag 18:00", "is no end"],
    ["friday at 18:00", "is no end"],
    ["27.11.2026", "is no end"],
    ["1796000000", "is no end"],
    ["2026-11-31", "no such day"],
    ["2027-02-29 10:00", "no such day"],
    ["2026-13-01", "no such day"],
    ["2026-11-28 25:00", "no such day"],
    ["friday 18:60", "no such day"],
    ["2026-11-28T10:00+15:00", "no such day"],
    ["2026-11-27 12:00", "in the past"],
    ["2026-11-27", "in the past"],
    ["2020-01-01T00:00Z", "in the past"],
    ["today 11:00", "in the past"],
    ["today", "in the past"],
    ["+0d", "in the past"],
    ["9999-12-31T23:59-14:00", "later than the year 9999"],
    ["+999999999w", "later than the year 9999"],
  ])("%j is refused: %s", (text, why) => {
    expect(read(text)).toContain(why);
  });

  it("is a whole second that lies ahead, or a sentence, whatever is written", () => {
    const word = fc.constantFrom(
      "friday",
      "tomorrow",
      "+",
      "7",
      "d",
      "h",
      " ",
      "18:00",
      "2026-11-2",
      "9T",
      "Z",
      "-",
      ":",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join("")),
        ),
        (text) => {
          const until = parseUntil(text, NOW, "Europe/Berlin");
          if (until.ok) expect(Number.isInteger(until.until) && until.until > NOW).toBe(true);
          else expect(until.message).toMatch(/\.$/);
        },
      ),
    );
  });

  it("reads back the wall clock of any instant, in any zone", () => {
    const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 365 * 24 }), fc.constantFrom(...zones), (hours, zone) => {
        const at = NOW + hours * 3600;
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "medium",
        }).format(new Date(at * 1000));
        const until = parseUntil(shown, NOW, zone);
        // Of an hour that comes twice the first is meant.
        expect(until.ok && [at, at - 3600, at - 1800].includes(until.until)).toBe(true);
      }),
    );
  });
});
