import type { FileSet } from "./render";

const BEGIN = "# >>> Last known good, kept by Portcullis";
const END = "# <<<";

export interface GoodFacts {
  /** Undefined for files that were there before the first revision was applied. */
  revision: number | undefined;
  /** As Dovecot sees them. */
  folder: string;
  configFile: string;
}

/** Files with a head that says what they are and how to go back by hand. Comments only, so they can be used as they are. */
export function withGoodHeader(files: FileSet, { revision, folder, configFile }: GoodFacts): FileSet {
  const which = revision === undefined ? "" : `: revision ${revision}`;
  const header = [
    `${BEGIN}${which}. Dovecot was seen to work with the files of this folder.`,
    "# The live ones are in the folder above. Without the panel and its database, as root:",
    "#   portcullis restore",
    "# puts these back, checked first and confirmed afterwards. By hand:",
    `#   cp ${folder}/last-known-good/* ${folder}/ && doveadm -c ${configFile} reload`,
    END,
    "",
  ].join("\n");
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, header + content]));
}

/** A file as it was before it got that head; one without it is left as it is. */
export function withoutGoodHeader(text: string): string {
  if (!text.startsWith(BEGIN)) return text;
  const lines = text.split("\n");
  const end = lines.indexOf(END);
  // Only what is comment is ours to take away.
  const isOurs = end > 0 && lines.slice(0, end).every((line) => line.startsWith("#"));
  return isOurs ? lines.slice(end + 1).join("\n") : text;
}
