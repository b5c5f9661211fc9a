import { describe, expect, it } from "vitest";
import { changesBetween } from "@/lib/core/settings/changes";
import { defaultSettings, parsePatch, parseSettings } from "@/lib/core/settings/schema";

describe("reading settings", () => {
  it("takes booleans and the words that people type", () => {
    expect(parsePatch({ imap: " ON ", pop3: "no" })).toEqual({
      ok: true,
      values: { imap: true, pop3: false },
    });
  });

  it("tells every complaint at once, at its key", () => {
    const parsed = parsePatch({ imap: "constructor", pop3: null, pop4: 1 });
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ key: "imap" }, { key: "pop3" }, { key: "pop4" }],
    });
  });

  it("refuses what is not an object, and leaves what isn't named at its default", () => {
    for (const input of [null, 3, "imap=on", ["imap"]])
      expect(parseSettings(input)).toMatchObject({ ok: false });
    expect(parseSettings({ pop3: false })).toEqual({ ok: true, values: { ...defaultSettings, pop3: false } });
  });

  it("says what each change needs of the daemon: closing a stop, opening a reload", () => {
    const closed = { ...defaultSettings, pop3: false };
    expect(changesBetween(defaultSettings, closed)).toMatchObject([
      { key: "pop3", need: "stop", sentence: "Close POP3" },
    ]);
    expect(changesBetween(closed, defaultSettings)).toMatchObject([
      { key: "pop3", need: "reload", sentence: "Open POP3" },
    ]);
    expect(changesBetween(closed, closed)).toEqual([]);
  });
});
