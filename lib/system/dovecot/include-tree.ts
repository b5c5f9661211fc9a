import { readdir } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { ConfigFile } from "@/lib/core/adopt/layout";
import type { Setter } from "@/lib/core/apply/ports";
import { isAbout, type Statement, statementsIn } from "@/lib/core/dovecot/assignments";
import type { Place } from "@/lib/core/dovecot/config";
import { SETTINGS_FILE } from "@/lib/core/dovecot/render";
import { errorCode, readIfThere } from "../files";
import { type DovecotInstance, generatedDir, outside } from "./instance";

/** Deeper than anybody includes; a file that includes itself ends here. */
const DEEPEST = 16;

/** A line that sets something, where it stands, and whether it is read after the generated file. */
type Found = Extract<Statement, { kind: "set" }> & { file: string; afterOurs: boolean };

/**
 * For each place the line of the server's own files that is read last. `doveconf` tells values and not where they
 * come from, so the files are read here, in Dovecot's order. What can't be read is passed over.
 */
export async function whoSets(
  instance: DovecotInstance,
  places: readonly Place[],
): Promise<(Setter | undefined)[]> {
  const found: Found[] = [];
  await walk(instance, main(instance), [], { found, files: [], patterns: [], oursSeen: false, depth: 0 });
  return places.map((place) => {
    const last = found.findLast((one) => isAbout(one, place));
    return last && { file: last.file, line: last.line, text: last.text, afterOurs: last.afterOurs };
  });
}

/** Every file that the configuration is read from, in Dovecot's order, ours among them; as Dovecot sees them. */
export async function configFiles(instance: DovecotInstance): Promise<string[]> {
  return [...new Set((await includeTree(instance)).files.map(({ path }) => path))];
}

/** The same with where each is included, and every pattern that is written, also those that match nothing. */
export async function includeTree(
  instance: DovecotInstance,
): Promise<{ files: ConfigFile[]; patterns: string[] }> {
  const state: Walk = { found: [], files: [], patterns: [], oursSeen: false, depth: 0 };
  await walk(instance, main(instance), [], state);
  return { files: state.files, patterns: state.patterns };
}

function main({ configFile }: DovecotInstance): Include {
  return { path: configFile, from: undefined, pattern: configFile, optional: false };
}

type Include = Omit<ConfigFile, "state">;

interface Walk {
  found: Found[];
  files: ConfigFile[];
  patterns: string[];
  oursSeen: boolean;
  depth: number;
}

async function walk(
  instance: DovecotInstance,
  include: Include,
  around: readonly string[],
  state: Walk,
): Promise<void> {
  const file = include.path;
  const content = await readIfThere(outside(instance, file)).catch(() => null);
  state.files.push({
    ...include,
    state: content === undefined ? "missing" : content === null ? "unreadable" : "read",
  });
  if (typeof content !== "string" || state.depth > DEEPEST) return;
  for (const statement of statementsIn(content, around)) {
    if (statement.kind === "set") {
      state.found.push({ ...statement, file, afterOurs: state.oursSeen });
      continue;
    }
    state.patterns.push(statement.pattern);
    const pattern = isAbsolute(statement.pattern)
      ? statement.pattern
      : join(dirname(file), statement.pattern);
    for (const included of await matches(instance, pattern)) {
      if (included === join(generatedDir(instance), SETTINGS_FILE)) state.oursSeen = true;
      else {
        state.depth++;
        const { line, optional } = statement;
        const next = { path: included, from: { path: file, line }, pattern: statement.pattern, optional };
        await walk(instance, next, statement.path, state);
        state.depth--;
      }
    }
  }
}

/** The files of a pattern such as `conf.d/*.conf`, in the order in which Dovecot reads them. */
async function matches(instance: DovecotInstance, pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const [folder, name] = [dirname(pattern), pattern.slice(dirname(pattern).length + 1)];
  const expression = new RegExp(
    `^${name
      .replace(/[.+^$(){}|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const folders = await matches(instance, folder);
  const files = await Promise.all(
    folders.map(async (one) => {
      const entries = await readdir(outside(instance, one)).catch((error: unknown) => {
        if (errorCode(error)) return [];
        throw error;
      });
      return entries
        .filter((entry) => expression.test(entry) && !entry.startsWith("."))
        .toSorted()
        .map((entry) => join(one, entry));
    }),
  );
  return files.flat();
}
