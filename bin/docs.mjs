/** `npm run docs`: writes what is made from the catalogue of settings and the table of API routes. A test checks that they are current. */
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { loadProgram } from "./prepare/programs.mjs";
import { explain, say } from "./prepare/say.mjs";

try {
  requireNode();
  await installNodePackages(root);
  const { writeDocs } = await loadProgram(root, "bin/generated-docs");
  for (const path of writeDocs(root)) say("docs", path);
} catch (error) {
  explain(error);
}
