import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Family } from "@/lib/core/dovecot/version";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { Cli, PORTCULLIS } from "./cli";
import { helperOf, WEB } from "./helper-sandbox";
import { type Ran, runToEnd } from "./run-script";
import { startSystemLike } from "./system-like";

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

/** A system-like server, adopted, with the helper before it and a home for a panel of an unprivileged user. */
export async function startAdopted(family: Family, ports: SandboxPorts) {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-shape-"));
  await chmod(folder, 0o711);
  const server = await startSystemLike(family, folder, ports);
  const shape = await packageLikeHome(folder);
  const adopted = await shape.adopt(...server.options);
  if (adopted.code !== 0) throw new Error(`Not adopted:\n${adopted.stdout}${adopted.stderr}`);
  await shape.helper.start();
  return {
    home: shape.home,
    generated: server.generated,
    accounts: server.accounts,
    async remove() {
      await shape.helper.stop();
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
