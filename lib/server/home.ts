import { dirname, join, resolve } from "node:path";
import { readIfThere } from "@/lib/system/files";

/**
 * Where this copy of Portcullis keeps its state. The launchers (`npm start`, `bin/portcullis`) set
 * PORTCULLIS_HOME when the operator didn't, so that there is one default in one place.
 */
export interface Home {
  folder: string;
  database: string;
  instance: string;
  journal: string;
  lock: string;
  listingLock: string;
  secret: string;
  setupToken: string;
  sandbox: string;
  sandboxAccounts: string;
  imports: string;
  hooks: string;
  running: string;
  dovecot: string;
  panelLog: string;
  auditHead: string;
  staging: string;
  backups: string;
  /** Touched by the keeper again and again. */
  keeperSign: string;
}

export function homeAt(folder: string): Home {
  const at = (...parts: string[]) => join(folder, ...parts);
  return {
    folder,
    database: at("portcullis.sqlite"),
    instance: at("instance.json"),
    journal: at("apply", "journal.json"),
    lock: at("apply", "lock.sqlite"),
    listingLock: at("listing", "lock.sqlite"),
    secret: at("secret"),
    setupToken: at("setup-token"),
    sandbox: at("sandbox.json"),
    sandboxAccounts: at("sandbox-accounts.json"),
    imports: at("imports"),
    hooks: at("hooks"),
    running: at("running.json"),
    dovecot: at("dovecot"),
    panelLog: at("panel.log"),
    auditHead: at("audit-head.json"),
    staging: at("staging"),
    backups: at("backups"),
    keeperSign: at("keeper-sign"),
  };
}

/** The home that a database belongs to, by the database's file. */
export function homeAround(databaseFile: string): Home {
  return homeAt(dirname(databaseFile));
}

/** A package's panel runs before anything is adopted, too. */
export async function hasServer({ instance }: Home): Promise<boolean> {
  return (await readIfThere(instance)) !== undefined;
}

export function currentHome(): Home {
  const folder = process.env.PORTCULLIS_HOME;
  if (!folder)
    throw new Error("PORTCULLIS_HOME is not set: start the panel with `npm start`, or use bin/portcullis.");
  return homeAt(resolve(folder));
}
