import { describe, expect, it } from "vitest";
import { byteWords } from "@/lib/core/use/byte-words";
import { moveCost, moveQuery } from "@/lib/core/use/move";

const facts = { accounts: 400, mb: 2500, grow: 50, taken: 100, freeBytes: 3e12 };

describe("what a move would cost", () => {
  it("to IMAP fills the disk, and says until when", () => {
    expect(moveCost({ ...facts, move: "to-imap" })).toEqual({
      bytes: 1e12,
      monthlyBytes: 2e10,
      monthsLeft: 100,
    });
    expect(moveCost({ ...facts, move: "to-imap", freeBytes: 1e11 }).monthsLeft).toBe(0);
    expect(moveCost({ ...facts, move: "to-imap", grow: 0 }).monthsLeft).toBeUndefined();
    expect(moveCost({ ...facts, move: "to-imap", freeBytes: undefined }).monthsLeft).toBeUndefined();
  });

  it("to POP3 frees what programs take away, and no more", () => {
    expect(moveCost({ ...facts, move: "to-pop3", taken: 25 })).toEqual({
      bytes: -2.5e11,
      monthlyBytes: -5e9,
      monthsLeft: undefined,
    });
  });

  it("is worked out from figures only", () => {
    expect(moveQuery.parse({ accounts: "many", taken: "101", mb: "-1", move: "sideways" })).toMatchObject({
      ok: false,
      problems: [{ key: "move" }, { key: "accounts" }, { key: "mb" }, { key: "taken" }],
    });
  });
});

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [99_400, "99.4 kB"],
  [999_600, "1.0 MB"],
  [1.5e9, "1.5 GB"],
  [2e15, "2,000 TB"],
])("%d bytes are said as %s", (bytes, words) => {
  expect(byteWords(bytes)).toBe(words);
});
