/** `npm start`: installs what is missing, builds once, then serves until Ctrl-C. Begins without any dependency. */
import { setFlagsFromString } from "node:v8";
import { becomeOwnerOf } from "./become-owner.mjs";
import { buildPanel, generateClient } from "./prepare/build.mjs";
import { provideDovecot } from "./prepare/dovecot.mjs";
import { root, setHome } from "./prepare/home.mjs";
import { installNodePackages, requireNode } from "./prepare/node-packages.mjs";
import { loadQuickProgram, quickProgram } from "./prepare/programs.mjs";
import { explain, say } from "./prepare/say.mjs";

// As bin/launch.mjs has it, and for the same reason.
if (Number.parseInt(process.versions.node, 10) <= 24) setFlagsFromString("--liftoff-only");

try {
  process.stdout.write("Portcullis\n");
  requireNode();
  const home = setHome();
  say("state", home);
  await installNodePackages(root);
  await generateClient(root);
  await buildPanel(root);
  const launcher = await quickProgram(root, "bin/launcher");
  const { serve } = await loadQuickProgram(root, "bin/serve");
  // Before anything of the home is read: it may be another user's.
  becomeOwnerOf(home, "start");
  const dovecotRoot = await provideDovecot(home);
  await serve(root, dovecotRoot, launcher);
} catch (error) {
  explain(error);
}
