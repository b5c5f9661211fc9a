import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedLines, hasOurLines, withoutOurLines } from "@/lib/core/adopt/include-lines";

describe("the lines that are added to a main file", () => {
  it("come out again to the byte, whatever was there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const added = addedLines(text, "portcullis");
        expect(withoutOurLines(text + added, added)).toBe(text);
      }),
    );
  });

  it("stand on lines of their own, after a last line without an end too", () => {
    for (const text of ["protocols = imap", "protocols = imap\n", ""]) {
      const after = text + addedLines(text, "portcullis");
      expect(after.split("\n")).toContain("!include portcullis/settings.conf");
      expect(hasOurLines(after)).toBe(true);
      expect(hasOurLines(text)).toBe(false);
    }
    expect(addedLines("a = b\r\n", "portcullis")).toContain("\r\n!include portcullis/settings.conf\r\n");
  });

  it("leave what somebody wrote after them and before", () => {
    const text = "protocols = imap\n";
    const added = addedLines(text, "portcullis");
    expect(withoutOurLines(`# new\n${text}${added}!include more.conf\n`, added)).toBe(
      `# new\n${text}!include more.conf\n`,
    );
    const touched = added.replace(
      "!include portcullis/settings.conf",
      "  !include portcullis/settings.conf # kept",
    );
    expect(withoutOurLines(`${text}${touched}ssl = yes\n`, added)).toBe(`${text}ssl = yes\n`);
    const bare = `${text}!include portcullis/settings.conf\nssl = yes\n`;
    expect(withoutOurLines(bare, added)).toBe(`${text}ssl = yes\n`);
  });
});
