/** A file of the configuration, in the order in which Dovecot reads it. */
export interface ConfigFile {
  /** As Dovecot sees it. */
  path: string;
  /** The file and line that include it; undefined for the main file. */
  from: { path: string; line: number } | undefined;
  /** The pattern as it is written. */
  pattern: string;
  /** `!include_try`: it may be missing. */
  optional: boolean;
  state: "read" | "missing" | "unreadable";
}

export interface Layout {
  key: "debian" | "split" | "single";
  /** A sentence. */
  sentence: string;
}

/** Debian's packages each bring a file that adds their protocol; they are read before the site's own. */
const DEBIAN = /\/usr\/share\/dovecot\/protocols\.d\//;

/** How a distribution laid the configuration out. */
export function layoutOf(files: readonly ConfigFile[], patterns: readonly string[]): Layout {
  if (patterns.some((pattern) => DEBIAN.test(pattern)))
    return {
      key: "debian",
      sentence: `Debian's or Ubuntu's layout: each package adds its protocol by a file in /usr/share/dovecot/protocols.d (${countOf(files)}).`,
    };
  if (files.some(({ path }) => path.includes("/conf.d/")))
    return {
      key: "split",
      sentence: `A main file with the parts in conf.d, as Dovecot ships it (${countOf(files)}).`,
    };
  return {
    key: "single",
    sentence:
      files.length > 1 ? `A main file with files of the site's own (${countOf(files)}).` : "A single file.",
  };
}

function countOf(files: readonly ConfigFile[]): string {
  const read = files.filter(({ state }) => state === "read").length;
  return read === 1 ? "1 file" : `${read} files`;
}
