import type { Severity } from "./alerts/alert";

/** A volume of the machine as it was just seen. */
export interface Volume {
  /** The folder that was asked about, as the mail daemon sees it. */
  folder: string;
  sizeBytes: number;
  usedBytes: number;
  /** Free for the mail daemon; what is kept back for root is not. */
  freeBytes: number;
  /** Files that it can hold; 0 where it has no such limit. */
  files: number;
  freeFiles: number;
}

/** From so much on mail is about to be refused. */
const ALARM_PERCENT = 98;

/** Percent in use, of space or of files, whichever is fuller; and what that is. */
function fullness({ usedBytes, freeBytes, files, freeFiles }: Volume): {
  percent: number;
  of: "space" | "files";
} {
  // As df counts it: of what isn't kept back for root.
  const space = usedBytes > 0 ? (100 * usedBytes) / (usedBytes + freeBytes) : 0;
  const names = files > 0 ? 100 * (1 - freeFiles / files) : 0;
  return names > space ? { percent: names, of: "files" } : { percent: space, of: "space" };
}

/** What is to be said of a volume that is used to `atPercent` or more. */
export function volumeTrouble(
  volume: Volume,
  atPercent: number,
): { severity: Severity; sentence: string } | undefined {
  const { percent, of } = fullness(volume);
  if (percent < atPercent) return undefined;
  const used = `${Math.floor(percent)} % of ${of === "files" ? "the files that it can hold" : "its space"}`;
  const left =
    of === "files"
      ? `${volume.freeFiles.toLocaleString("en")} more files fit`
      : `${(volume.freeBytes / 1e9).toFixed(1)} GB are free`;
  return {
    severity: percent >= ALARM_PERCENT ? "alarm" : "warning",
    sentence: `The mail volume at ${volume.folder} is used to ${used}: ${left}. When it is full, no mail is taken any more.`,
  };
}
