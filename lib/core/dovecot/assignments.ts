import type { Place } from "./config";
import { withoutPrefix } from "./config";

/** One line of a configuration file that says something. */
export type Statement =
  | { kind: "set"; path: readonly string[]; name: string; line: number; text: string }
  | { kind: "include"; path: readonly string[]; pattern: string; line: number; optional: boolean };

/**
 * Reads the lines that people write, only as far as it takes to find where a setting is set: Dovecot alone knows
 * what they mean. `path` holds the blocks around a line, each as `type name`. Blocks may be open where the file
 * begins, because an include can stand inside one.
 */
export function statementsIn(content: string, around: readonly string[] = []): Statement[] {
  const statements: Statement[] = [];
  const path = [...around];
  let continued = "";
  for (const [index, raw] of content.split("\n").entries()) {
    const whole = continued + withoutComment(raw).trim();
    continued = whole.endsWith("\\") ? whole.slice(0, -1) : "";
    if (continued !== "" || whole === "") continue;
    const include = /^!include(_try)?\s+(.+)$/.exec(whole);
    const opening = /^([^\s={}"]+)(?:\s+(.*?))?\s*\{$/.exec(whole);
    const setting = /^([^\s={}"]+)\s*=\s*(.*)$/.exec(whole);
    if (include)
      statements.push({
        kind: "include",
        path: [...path],
        pattern: unquoted(include[2] ?? ""),
        line: index + 1,
        optional: include[1] !== undefined,
      });
    else if (whole === "}") path.pop();
    else if (setting)
      statements.push({ kind: "set", path: [...path], name: setting[1] ?? "", line: index + 1, text: whole });
    else if (opening) path.push([opening[1], unquoted(opening[2] ?? "")].filter(Boolean).join(" "));
  }
  return statements;
}

/** A statement that sets the value at a place, under whichever of its names. */
export function isAbout(statement: Extract<Statement, { kind: "set" }>, { block, name }: Place): boolean {
  const wanted = block.map(([type, label]) => (label ? `${type} ${label}` : type));
  const inner = statement.path.at(-1)?.split(" ")[0] ?? "";
  const full = withoutPrefix(inner, name) === statement.name ? name : statement.name;
  if (full !== name) return false;
  const path = statement.path.join("/");
  // A driver's settings may stand in its filter (2.4): `mdbox { rotate_size = 10M }` for `mdbox_rotate_size`.
  const inFilter =
    wanted.length === 0 && statement.path.length === 1 && name.startsWith(`${inner}_`) && path === inner;
  return path === wanted.join("/") || inFilter;
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "\\" && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (character === "#" && !quoted && (at === 0 || /\s/.test(line[at - 1] ?? "")))
      return line.slice(0, at);
  }
  return line;
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text.trim())?.[1] ?? text.trim();
}
