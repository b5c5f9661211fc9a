import { PROTOCOLS } from "../access/rules";
import { directivesFor, type SettingsValues } from "../settings/catalogue";
import { ACCESS_FILE, accessFiles, queryFile } from "./access-files";
import type { BlockPath, Directive } from "./directive";
import { LOADED_MARK_HASH_LENGTH, loadedMarkName } from "./loaded-mark";
import { blockName, listMember, quoteValue, settingName } from "./quote";
import type { RenderTarget } from "./target";

/** Generated files by name, without a folder. */
export type FileSet = Readonly<Record<string, string>>;

/** Hex digest of a text; a port, because the core knows no crypto library. */
export type Digest = (text: string) => string;

export interface Rendered {
  files: FileSet;
  /** The name of the socket that proves that the daemon has loaded these files. */
  mark: string;
}

export const SETTINGS_FILE = "settings.conf";

/** Every file that can be among the generated ones. */
export const GENERATED_FILES: readonly string[] = [...PROTOCOLS.map(queryFile), ACCESS_FILE, SETTINGS_FILE];

const HEADER = `# Written by Portcullis from the settings in its database.
# An edit here is noticed and shown in the panel; the next change made there asks before it replaces it.
`;

/**
 * Settings in, files out. Deterministic: the same settings give the same bytes.
 * @throws RefusedText when a name or value can't be written.
 */
export function renderSettings(values: SettingsValues, target: RenderTarget, digest: Digest): Rendered {
  const directives = directivesFor(values, target);
  const body = [...protocolLines(directives, target), ...blockLines(directives)].join("\n");
  const access = target.folder === undefined ? {} : accessFiles(target.family, target.folder);
  const include = target.folder === undefined ? [] : [`!include ${ACCESS_FILE}`, ""];
  // It stands for all of the files: one that changes alone is another load.
  const mark = loadedMarkName(
    digest([body, ...Object.values(access)].join("\n")).slice(0, LOADED_MARK_HASH_LENGTH),
  );
  const content = [HEADER, body, "", ...include, MARK_COMMENT, ...blockLines([markDirective(mark)]), ""].join(
    "\n",
  );
  // Last, because it includes the others: where a swap is cut off, what it names is there.
  return { files: { ...access, [SETTINGS_FILE]: content }, mark };
}

/** Settings in, and the plain lines of a file for a server without Portcullis: no lookup of the map, no mark. */
export function renderPlain(values: SettingsValues, target: RenderTarget): string {
  const directives = directivesFor(values, target);
  return [...protocolLines(directives, target), ...blockLines(directives), ""].join("\n");
}

const MARK_COMMENT = "# The daemon opens this socket only when it has loaded this very file.";

function markDirective(mark: string): Directive {
  return {
    kind: "set",
    block: [
      ["service", "stats"],
      ["unix_listener", mark],
    ],
    name: "mode",
    value: "0600",
  };
}

function protocolLines(directives: readonly Directive[], target: RenderTarget): string[] {
  const ours = directives.filter((directive) => directive.kind === "member");
  const names = ours.map(({ member }) => listMember(member));
  const others = target.otherProtocols.map(listMember).filter((name) => !names.includes(name));
  if (target.family === "2.4") {
    // 2.4 can take a name out of a list, so what the server's own files add stays, later additions too.
    return [
      "protocols {",
      ...ours.map(({ member, on }) => `  ${listMember(member)} = ${quoteValue(on)}`),
      "}",
    ];
  }
  const on = ours.filter((directive) => directive.on).map(({ member }) => member);
  // The empty list is written with nothing after `=`: "none" stops Dovecot 2.4, and both read this form.
  return [["protocols =", ...on, ...others].join(" ")];
}

function blockLines(directives: readonly Directive[]): string[] {
  const lines = directives
    .filter((directive) => directive.kind !== "member")
    .map((directive) => ({ path: directive.block.map(blockHead), line: lineOf(directive) }))
    .toSorted((a, b) => compare([...a.path, a.line], [...b.path, b.line]));
  const output: string[] = [];
  let open: string[] = [];
  for (const [index, { path, line }] of lines.entries()) {
    const before = lines[index - 1];
    // Two settings may ask for the same line, such as the one that says which namespace holds the inbox.
    if (before && compare([...before.path, before.line], [...path, line]) === 0) continue;
    let shared = 0;
    while (shared < open.length && open[shared] === path[shared]) shared++;
    for (let depth = open.length; depth > shared; depth--) output.push(`${indent(depth - 1)}}`);
    for (let depth = shared; depth < path.length; depth++) output.push(`${indent(depth)}${path[depth]} {`);
    output.push(`${indent(path.length)}${line}`);
    open = path;
  }
  for (let depth = open.length; depth > 0; depth--) output.push(`${indent(depth - 1)}}`);
  return output;
}

function blockHead([type, label]: BlockPath[number]): string {
  return label === undefined ? settingName(type) : `${settingName(type)} ${blockName(label)}`;
}

function lineOf(directive: Exclude<Directive, { kind: "member" }>): string {
  const name = settingName(directive.name);
  // The one expansion that is written: what the server's own files have in the list stays, later additions too.
  if (directive.kind === "append") return `${name} = $${name} ${listMember(directive.word)}`;
  return `${name} = ${quoteValue(directive.value)}`;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}

/** Byte order, so that no locale changes a file. */
function compare(a: readonly string[], b: readonly string[]): number {
  const left = a.join("\u0000");
  const right = b.join("\u0000");
  return left < right ? -1 : left > right ? 1 : 0;
}
