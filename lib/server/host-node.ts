import { stat } from "node:fs/promises";
import { localEngine } from "@/lib/core/apply/engine";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { readHelperConfig } from "@/lib/system/helper/config";
import { database } from "./database/client";
import { currentHome, type Home } from "./home";
import { type MailNode, mapOf, openNode } from "./node";

/** Where the package's unit has the helper keep its own (docs/privilege.md). */
const HELPER_HOME = "/var/lib/portcullis-helper";

/**
 * The machine itself, for root at a shell. Where the home is another user's, which Dovecot it is stands in the helper's own file,
 * that only root may write: what lies in the home could be anybody's word by now (decision 064). Nothing is asked of the
 * helper, which may be dead. @throws MachineFailure
 */
export async function openHostNode(): Promise<MailNode> {
  const home = currentHome();
  if (!(await isOthers(home))) return await openNode();
  const { instance } = await readHelperConfig(process.env.PORTCULLIS_HELPER_HOME ?? HELPER_HOME);
  return {
    name: "local",
    kind: "system",
    home,
    instance,
    ports: machinePorts({ instance, journalPath: home.journal }),
    engine: localEngine,
    map: mapOf(instance),
    db: database(),
    scope: null,
  };
}

/** Root is at a shell, and the home another user's. */
export async function isOthers(home: Home): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const found = await stat(home.folder).catch(() => undefined);
  return found !== undefined && found.uid !== 0;
}
