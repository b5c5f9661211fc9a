/** An element: its name, its attributes, and text or elements inside. Without content it is written as empty. */
export interface Element {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  content?: string | number | readonly Element[];
}

export function element(
  name: string,
  content?: Element["content"],
  attributes?: Element["attributes"],
): Element {
  return { name, ...(content === undefined ? {} : { content }), ...(attributes ? { attributes } : {}) };
}

/**
 * Writes XML 1.0 in UTF-8: the only door through which a value enters a configuration for mail programs. Names are ours;
 * every value is escaped. `doctype` is written as it stands.
 */
export function xmlDocument(root: Element, doctype = ""): string {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return `${head}${doctype === "" ? "" : `${doctype}\n`}${written(root, "").join("\n")}\n`;
}

function written({ name, attributes = {}, content }: Element, indent: string): string[] {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `${indent}<${name}${pairs.join("")}`;
  if (content === undefined) return [`${open}/>`];
  if (typeof content !== "object") return [`${open}>${escaped(String(content))}</${name}>`];
  return [`${open}>`, ...content.flatMap((child) => written(child, `${indent}  `)), `${indent}</${name}>`];
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A reader would make blanks of them in an attribute, and of some a plain line end everywhere.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\u0085": "&#x85;",
  "\u2028": "&#x2028;",
  "\u2029": "&#x2029;",
};

/** XML 1.0 has no way to write these, escaped or not (section 2.2): they become a question mark. */
const IMPOSSIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text
    .replace(IMPOSSIBLE, "?")
    .replace(/[&<>"'\t\n\r\u0085\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}
