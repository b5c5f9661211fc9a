import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Family } from "@/lib/core/dovecot/version";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { Cli } from "./cli";
import { helperOf, WEB } from "./helper-sandbox";
import type { Ran } from "./run-script";
import { startSystemLike } from "./system-like";

/** A home as a package makes it, its user's own, and a place for the helper beside it. */
export async function packageLikeHome(folder: string) {
  const home = join(folder, "home");
  const helperHome = join(folder, "helper");
  const socket = join(folder, "run", "helper.sock");
  await mkdir(home, { mode: 0o711 });
  await chown(home, WEB.uid, WEB.gid);
  const places = { PORTCULLIS_HELPER_HOME: helperHome, PORTCULLIS_HELPER_SOCKET: socket };
  const root = new Cli(home, places);
  return {
    home,
    helperHome,
    socket,
    helper: helperOf(helperHome),
    /** As root, at a shell. */
    root,
    adopt: (...options: string[]): Promise<Ran> => root.run("adopt", ...options, "--yes"),
    release: (...options: string[]): Promise<Ran> => root.run("release", ...options, "--yes"),
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
    cli: (...args: string[]) => shape.root.run(...args),
    generated: server.generated,
    accounts: server.accounts,
    /** What the helper has said so far. */
    log: shape.helper.log,
    pids: () => [server.pid, shape.helper.pid()],
    async remove() {
      await shape.helper.stop();
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
