import { chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Family } from "@/lib/core/dovecot/version";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { homeAt } from "@/lib/server/home";
import { type SandboxAccount, sandboxAccounts } from "@/lib/server/sandbox/accounts";
import { PORT_VARIABLES, sandboxPortKeys } from "@/lib/server/sandbox/ports";
import { setUpSandbox } from "@/lib/server/sandbox/setup";
import { generatedDir, outside } from "@/lib/system/dovecot/instance";
import { copyRelease, DOVECOTS } from "./dovecot-versions";
import { WEB } from "./helper-sandbox";
import { startSystem } from "./system-dovecot";

/** What the private Dovecot's own configuration ends with: of a server that nobody adopted it has nothing. */
const OURS = /\n# Read last, so that what is set in the panel counts\.\n!include portcullis\/\S+\n/;

/**
 * A server with the sample accounts and mail of the private one, virtual users in a passwd-file, that was there before and knows
 * nothing of Portcullis: started by root, as its service would, and readable and writable for nobody else.
 */
export async function startSystemLike(family: Family, folder: string, ports: SandboxPorts) {
  const dovecot = DOVECOTS.find((one) => one.family === family);
  if (!dovecot || dovecot.missing) throw new Error(dovecot?.missing ?? `No Dovecot ${family}.`);
  const made = homeAt(join(folder, "server"));
  await mkdir(made.folder, { mode: 0o711 });
  const root = dovecot.root === "" ? "" : join(folder, "root");
  if (root !== "") await copyRelease(dovecot.root, root);
  const { instance: sandbox } = await setUpSandbox(made, root, {
    NODE_ENV: "test",
    ...Object.fromEntries(sandboxPortKeys.map((key) => [PORT_VARIABLES[key], String(ports[key])])),
  });
  const accounts: SandboxAccount[] = await sandboxAccounts(made);
  const { user: _, ...instance } = sandbox;
  const at = (path: string) => outside(instance, path);
  const text = await readFile(at(instance.configFile), "utf8");
  if (!OURS.test(text)) throw new Error("The sandbox's configuration doesn't end as it did.");
  await writeFile(at(instance.configFile), text.replace(OURS, "\n"));
  await rm(at(generatedDir(instance)), { recursive: true });
  // As a mail log is: its group may read it, and the panel's unit is in that.
  const log = at(join(instance.baseDir, "../log"));
  await chmod(log, 0o755);
  await writeFile(join(log, "dovecot.log"), "", { mode: 0o640 });
  await chown(join(log, "dovecot.log"), 0, WEB.gid);
  const running = await startSystem(instance, ports.imap);
  return {
    accounts,
    generated: at(generatedDir(instance)),
    options: [...(root === "" ? [] : ["--root", root]), "--config", instance.configFile],
    pid: running.pid,
    end: () => running.end(),
  };
}
