/**
 * `npm run drill [name…]`: what takes too long for `npm test`. Runs tests/drills/<name>.drill.ts (all when none is
 * named) one after the other and writes what came of each to docs/drills/<name>.md. Ends with 1 when one failed.
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
  const names = chosen(root, "tests/drills", ".drill.ts", process.argv.slice(2));
  await generateClient(root);
  await provideDovecot(join(root, ".build/test-home"));
  await fetchDebian13();
  await buildPanel(root);
  const { report } = await loadScript(root, "tests/drills/report");
  let failed = 0;
  for (const name of names) {
    const { default: drill } = await loadScript(root, `tests/drills/${name}.drill`);
    if (!(await report(root, name, drill))) failed++;
  }
  process.exit(failed > 0 ? 1 : 0);
} catch (error) {
  explain(error);
}
