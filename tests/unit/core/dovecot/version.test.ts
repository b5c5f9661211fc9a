import { describe, expect, it } from "vitest";
import { detectVersion } from "@/lib/core/dovecot/version";

describe("the version that is written for", () => {
  it.each([
    ["2.3.19.1 (9b53102964)\n", "2.3"],
    ["2.3.4.1 (f79e8e7e4)", "2.3"],
    ["2.4.1-4 (7d8c0e5759)", "2.4"],
    ["2.4.0", "2.4"],
  ])("%s is %s", (answer, family) => {
    expect(detectVersion(answer)).toMatchObject({ supported: true, family });
  });

  it.each(["2.2.36 (1f10bfa63)", "2.5.0", "2.30.1", "3.0", "2.4x", "", "dovecot: not found"])(
    "%j is refused with a sentence",
    (answer) => {
      expect(detectVersion(answer)).toMatchObject({
        supported: false,
        sentence: expect.stringContaining("changes nothing here"),
      });
    },
  );
});
