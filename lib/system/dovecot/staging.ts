import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileSet } from "@/lib/core/dovecot/render";
import { onDisk } from "../files";
import { type DovecotInstance, generatedDir, outside } from "./instance";

/** Readable by Dovecot, which runs as another user than the panel. */
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
/** A copy lives for one check; one this old was left behind by a process that was killed. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/**
 * Gives `use` the main file of a copy of the configuration tree, as Dovecot sees it, in which only the generated
 * folder differs: everything else is a link to the live file. `dovecot.conf` names the generated file relative
 * to itself, so the copy reads these files instead of the live ones. `main` is another text for the main file (a character a byte), of a
 * server that doesn't include the generated file yet or any more. The copy is gone afterwards.
 */
export async function withStagedTree<T>(
  instance: DovecotInstance,
  files: FileSet,
  use: (mainFile: string) => Promise<T>,
  main?: string,
): Promise<T> {
  const parent = outside(instance, instance.stagingDir);
  const tree = await onDisk(`making a copy in ${parent}`, () => buildTree(instance, parent, files, main));
  try {
    return await use(join(instance.stagingDir, basename(tree), basename(instance.configFile)));
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function buildTree(
  instance: DovecotInstance,
  parent: string,
  files: FileSet,
  main: string | undefined,
): Promise<string> {
  const live = dirname(instance.configFile);
  const generated = basename(generatedDir(instance));
  await mkdir(parent, { recursive: true, mode: FOLDER_MODE });
  await removeAbandoned(parent);
  const tree = await mkdtemp(join(parent, "tree-"));
  try {
    await chmod(tree, FOLDER_MODE);
    await mkdir(join(tree, generated), { mode: FOLDER_MODE });
    const own = basename(instance.configFile);
    for (const entry of await readdir(outside(instance, live))) {
      if (entry === generated || (entry === own && main !== undefined)) continue;
      await symlink(join(live, entry), join(tree, entry));
    }
    if (main !== undefined)
      await writeFile(join(tree, own), main, { encoding: "latin1", mode: FILE_MODE, flush: true });
    for (const [file, content] of Object.entries(files)) {
      await writeFile(join(tree, generated, file), content, { mode: FILE_MODE, flush: true });
    }
    return tree;
  } catch (error) {
    await rm(tree, { recursive: true, force: true });
    throw error;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const path = join(parent, entry);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (entry.startsWith("tree-") && age > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}
