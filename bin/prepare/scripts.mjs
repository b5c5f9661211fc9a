import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Unready } from "./say.mjs";

/** The scripts of a folder that were named on the command line; all of them when none was. */
export function chosen(root, folder, ending, named) {
  const known = readdirSync(join(root, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending))
    .toSorted();
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Unready(`There is no ${unknown.join(", ")} in ${folder}. Known: ${known.join(", ")}.`);
  return named.length > 0 ? named : known;
}

/**
 * Bundles a script out of tests/<folder>/ and loads it. The bundle lies two folders below the checkout, as its
 * sources do, so that paths relative to `import.meta.url` stay right.
 */
export async function loadScript(root, entry) {
  const outfile = join(root, ".build", entry.split("/").at(-2), `${basename(entry)}.mjs`);
  const { bundle } = await import("./bundle.mjs");
  await bundle(root, entry, outfile);
  return await import(pathToFileURL(outfile).href);
}
