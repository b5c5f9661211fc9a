import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { digestOf, makeOnce } from "./fresh.mjs";

/** Bundles one of our TypeScript programs when its sources changed, and loads it. */
export async function loadProgram(root, entry) {
  const name = entry.replace(/\W+/g, "-");
  const outfile = join(root, ".build", `${name}.mjs`);
  await makeOnce(
    join(root, ".build", `${name}.stamp`),
    digestOf(root, ["bin", "lib", "prisma/client", "package-lock.json"]),
    async () => {
      const { bundle } = await import("./bundle.mjs");
      await bundle(root, entry, outfile);
    },
  );
  return await import(pathToFileURL(outfile).href);
}
