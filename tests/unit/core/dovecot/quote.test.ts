import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockName, listMember, quoteValue, RefusedText, settingName } from "@/lib/core/dovecot/quote";

describe("what enters a generated file", () => {
  it("writes numbers and switches in Dovecot's words, and refuses what it could not read", () => {
    expect([quoteValue(true), quoteValue(false), quoteValue(143)]).toEqual(["yes", "no", "143"]);
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
      expect(() => quoteValue(value)).toThrow(RefusedText);
  });

  it("leaves plain words bare and quotes the rest", () => {
    expect(quoteValue("imap")).toBe("imap");
    expect(quoteValue("")).toBe('""');
    expect(quoteValue('a "b" \\ c')).toBe('"a \\"b\\" \\\\ c"');
    for (const hostile of ["$x", "%u", "<file", "#x", "{", "}", "!include x", " a", "a ", "ü", "\u200fx"]) {
      expect(quoteValue(hostile)).toBe(`"${hostile}"`);
    }
  });

  it("never lets a value end its line or its quotes, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        let written: string;
        try {
          written = quoteValue(value);
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedText);
          return;
        }
        expect(written).not.toMatch(/[\n\r\0]/);
        if (!written.startsWith('"')) {
          expect(written).toBe(value);
          return;
        }
        const inner = written.slice(1, -1);
        expect(inner.replace(/\\["\\]/g, "")).not.toMatch(/["\\]/);
        expect(inner.replace(/\\(["\\])/g, "$1")).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses names that could open, close or smuggle anything", () => {
    for (const name of ["", "a b", "a{", "a}", "a\nb", '"a"', "#a", "!a", "a=b", "ü", "a".repeat(200)]) {
      expect(() => blockName(name)).toThrow(RefusedText);
      expect(() => listMember(name)).toThrow(RefusedText);
      expect(() => settingName(name)).toThrow(RefusedText);
    }
    expect(blockName("imap-login")).toBe("imap-login");
    expect(listMember("lmtp")).toBe("lmtp");
    expect(settingName("process_limit")).toBe("process_limit");
  });
});
