import { join } from "node:path";
import { command } from "./command.mjs";
import { digestOf, makeOnce } from "./fresh.mjs";
import { during, Unready } from "./say.mjs";

const OLDEST_NODE = [20, 19];

export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Unready(
    `Portcullis needs Node ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`,
  );
}

/**
 * Installs the versions that package-lock.json names. Not with `npm ci`: that refuses a lock file that a registry
 * without the packages of other platforms wrote. Install scripts stay off: nothing here needs one.
 */
export async function installNodePackages(root) {
  // Kept inside node_modules, so that it goes when they go.
  const stamp = join(root, "node_modules", ".portcullis-stamp");
  await makeOnce(stamp, digestOf(root, ["package-lock.json"]), () =>
    during("npm packages", "installing what package-lock.json names", () =>
      command(
        "npm",
        ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        {
          cwd: root,
        },
      ),
    ),
  );
}
