import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Cli, PORTCULLIS } from "./cli";
import { helperOf, WEB } from "./helper-sandbox";
import { type Ran, runToEnd } from "./run-script";

/** A home as a package makes it, its user's own, and a place for the helper beside it. */
export async function packageLikeHome(folder: string) {
  const home = join(folder, "home");
  const helperHome = join(folder, "helper");
  const socket = join(folder, "run", "helper.sock");
  await mkdir(home, { mode: 0o711 });
  await chown(home, WEB.uid, WEB.gid);
  const places = { PORTCULLIS_HOME: home, PORTCULLIS_HELPER_HOME: helperHome };
  return {
    home,
    helperHome,
    socket,
    helper: helperOf(helperHome),
    /** As root, at a shell. */
    root: new Cli(home),
    adopt: (...options: string[]): Promise<Ran> =>
      runToEnd(PORTCULLIS, ["adopt", ...options, "--helper-socket", socket, "--yes"], places),
    release: (...options: string[]): Promise<Ran> =>
      runToEnd(PORTCULLIS, ["release", ...options, "--yes"], places),
  };
}
