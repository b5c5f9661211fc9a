import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardCell, unguardCell } from "@/lib/core/access/spreadsheet-cell";

const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "a", "1", "\uff1d"))
    .map((parts) => parts.join("")),
);

describe("a cell for a spreadsheet", () => {
  it("never begins a formula, and is read back as the very value", () => {
    fc.assert(
      fc.property(cell, (value) => {
        expect(guardCell(value)).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
        expect(unguardCell(guardCell(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["anna@site.example", "anna@site.example"],
    ["'tis@site.example", "'tis@site.example"],
    ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
    ["@site.example", "'@site.example"],
    ["'=x@site.example", "''=x@site.example"],
  ])("%j is written as %j", (value, written) => {
    expect(guardCell(value)).toBe(written);
  });

  it("leaves alone what a person wrote", () => {
    for (const text of ["@site.example", "*", "=x", "'x"]) expect(unguardCell(text)).toBe(text);
  });
});
