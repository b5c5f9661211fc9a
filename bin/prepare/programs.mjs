import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeOnce, quickDigestOf } from "./fresh.mjs";

const SOURCES = ["bin", "lib", "prisma/client", "package-lock.json"];

/** Bundles one of our TypeScript programs when its sources changed, and loads it. */
export async function loadProgram(root, entry) {
  const outfile = join(root, ".build", `${nameOf(entry)}.mjs`);
  await makeOnce(stampOf(root, entry), quickDigestOf(root, SOURCES), async () => {
    const { bundle } = await import("./bundle.mjs");
    await bundle(root, entry, outfile);
  });
  return await import(pathToFileURL(outfile).href);
}

/** The same for a program that must start quickly: its packages are in the bundle. */
export async function loadQuickProgram(root, entry) {
  return await import(pathToFileURL(await quickProgram(root, entry)).href);
}

/** The file of such a program, for a process of its own. `more` are sources besides those of the product. */
export async function quickProgram(root, entry, more = []) {
  const outdir = join(root, ".build", nameOf(entry));
  await makeOnce(stampOf(root, entry), quickDigestOf(root, [...SOURCES, ...more]), async () => {
    const { bundleWhole } = await import("./bundle.mjs");
    await bundleWhole(root, entry, outdir);
  });
  return join(outdir, `${entry.split("/").at(-1)}.mjs`);
}

function nameOf(entry) {
  return entry.replace(/\W+/g, "-");
}

function stampOf(root, entry) {
  return join(root, ".build", `${nameOf(entry)}.stamp`);
}
