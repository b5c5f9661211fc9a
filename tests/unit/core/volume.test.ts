import { describe, expect, it } from "vitest";
import { volumeTrouble } from "@/lib/core/volume";

const GB = 1e9;
const volume = {
  folder: "/var/vmail",
  sizeBytes: 100 * GB,
  usedBytes: 80 * GB,
  freeBytes: 15 * GB,
  files: 1000,
  freeFiles: 900,
};

describe("a volume", () => {
  it.each([
    ["as df counts it, without what is root's", {}, 84, "warning", "84 % of its space: 15.0 GB are free"],
    ["just below", {}, 85, undefined, ""],
    ["full but for what is root's", { usedBytes: 95 * GB, freeBytes: 0 }, 90, "alarm", "100 % of its space"],
    ["out of files", { freeFiles: 5 }, 90, "alarm", "99 % of the files that it can hold: 5 more files fit"],
    ["without a limit of files", { files: 0, freeFiles: 0 }, 90, undefined, ""],
    ["that is empty", { usedBytes: 0, freeBytes: 0, files: 0 }, 50, undefined, ""],
  ])("%s", (_case, facts, percent, severity, words) => {
    const trouble = volumeTrouble({ ...volume, ...facts }, percent);
    expect(trouble?.severity).toBe(severity);
    expect(trouble?.sentence ?? "").toContain(words);
  });
});
