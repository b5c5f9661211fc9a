import { SETTINGS_FILE } from "../dovecot/render";

const BEGIN =
  "# >>> Portcullis: read last, so that what is set in the panel counts. `portcullis release` takes it out.";
const END = "# <<< Portcullis";

/** The very text that is added to the end of a main file. A last line without its end gets one first. */
export function addedLines(main: string, folder: string): string {
  const newline = main.includes("\r\n") ? "\r\n" : "\n";
  const lines = ["", BEGIN, `!include ${folder}/${SETTINGS_FILE}`, END, ""].join(newline);
  return main === "" || main.endsWith("\n") ? lines.slice(newline.length) : lines;
}

/** Where a main file has our lines already. */
export function hasOurLines(main: string): boolean {
  return main.split(/\r?\n/).some((line) => line === BEGIN);
}

/**
 * A main file without our lines. `added` is the very text that was added: where it stands as it was, what is left is what
 * was there before. Where somebody moved or changed it, all between the marks goes, and nothing else.
 */
export function withoutOurLines(main: string, added: string): string {
  const at = main.lastIndexOf(added);
  if (at >= 0) return main.slice(0, at) + main.slice(at + added.length);
  const lines = main.split("\n");
  const bare = lines.map((line) => line.replace(/\r$/, ""));
  const from = bare.indexOf(BEGIN);
  const to = bare.indexOf(END, from);
  const isOurInclude = (line: string) =>
    /^\s*!include(?:_try)?\s+\S*portcullis\/settings\.conf\s*$/.test(line);
  if (from >= 0 && to > from) return [...lines.slice(0, from), ...lines.slice(to + 1)].join("\n");
  return lines.filter((_, index) => !isOurInclude(bare[index] ?? "")).join("\n");
}
