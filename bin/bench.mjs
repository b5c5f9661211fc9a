/**
 * `npm run bench [name…]`: installs and builds what is needed, runs tests/bench/<name>.bench.ts (all when none is
 * named) one after the other, prints a table each and writes docs/bench/<name>.json. Nothing here passes or fails.
 */
import { join } from "node:path";
import { buildPanel, generateClient } from "./prepare/build.mjs";
import { fetchDebian13, provideDovecot } from "./prepare/dovecot.mjs";
import { root } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { explain } from "./prepare/say.mjs";
import { chosen, loadScript } from "./prepare/scripts.mjs";

try {
  requireNode();
  await installNodePackages(root);
  const names = chosen(root, "tests/bench", ".bench.ts", process.argv.slice(2));
  await generateClient(root);
  await provideDovecot(join(root, ".build/test-home"));
  await fetchDebian13();
  await buildPanel(root);
  const { report } = await loadScript(root, "tests/bench/report");
  for (const name of names) {
    const { default: bench } = await loadScript(root, `tests/bench/${name}.bench`);
    await report(root, name, bench);
  }
  // A daemon or a browser that a bench forgot must not keep the others' figures waiting.
  process.exit(0);
} catch (error) {
  explain(error);
}
