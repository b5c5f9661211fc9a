/** `npm run package [FOLDER] [--version VERSION]`: builds portcullis_VERSION_ARCH.deb, into the checkout when no folder is named. */
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildPanel, generateClient } from "./prepare/build.mjs";
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { buildPackage } from "./prepare/package/build.mjs";
import { explain } from "./prepare/say.mjs";

try {
  const { values, positionals } = parseArgs({
    options: { version: { type: "string" } },
    allowPositionals: true,
  });
  requireNode();
  await installNodePackages(root);
  await generateClient(root);
  await buildPanel(root);
  const folder = resolve(positionals[0] ?? root);
  mkdirSync(folder, { recursive: true });
  const version = values.version ?? JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  const file = await buildPackage(root, folder, version);
  process.stdout.write(`${file}\n`);
} catch (error) {
  explain(error);
}
