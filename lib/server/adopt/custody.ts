import { lstat, mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { InForce } from "@/lib/core/apply/prepare";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { accessMapAt } from "@/lib/system/access/map-file";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { answersAt } from "@/lib/system/helper/client";
import { DEFAULT_SOCKET, readHelperConfig, writeHelperConfig } from "@/lib/system/helper/config";
import { readRecord, writeRecord } from "@/lib/system/helper/record";
import { requireOwn } from "@/lib/system/helper/safe-path";
import { mendMap } from "../access/mend-map";
import { openDatabase } from "../database/client";
import { type Home, homeAt } from "../home";
import { latestRevision } from "../mailserver/revisions";
import { nodeAt, readDescription } from "../node";
import type { Books } from "./books";
import { ownBooks } from "./own-books";
import { ownersBooks } from "./owners-books";

/**
 * Who keeps what of an adoption. A home that is the caller's own keeps all of it. Where root adopts for a home of another user,
 * what giving the server back goes by lies in the helper's folder, which is root's, and nothing in the home is believed.
 */
export interface Custody {
  /** The panel's. */
  home: Home;
  /** Of the adoption's record, the copies, journal and lock. */
  kept: Home;
  books: Books;
  /** Set for a panel that isn't root. */
  helper: { group: number; socket: string } | undefined;
  /** Which Dovecot was adopted. */
  instance(): Promise<DovecotInstance>;
  /** What was last in force; undefined where that is not known any more. */
  lastState(): Promise<{ values: SettingsValues; marks: string[] } | undefined>;
  /** Makes the access map, before anybody is looked up in it. */
  makeMap(instance: DovecotInstance): Promise<void>;
  /** Lets the helper serve this Dovecot. */
  entrust(instance: DovecotInstance): Promise<void>;
  /** Tells it what is in force. */
  tell(inForce: InForce): Promise<void>;
  /** Nothing was adopted, or it was given back. */
  forget(): Promise<void>;
}

export interface CustodyOptions {
  /** The folder that Portcullis's own programs lie in. */
  programs: string;
  /** The helper's folder and socket, for a panel that isn't root. */
  helperHome?: string | undefined;
  helperSocket?: string | undefined;
}

export const DEFAULT_HELPER_HOME = "/var/lib/portcullis-helper";

export async function custodyOf(home: Home, options: CustodyOptions): Promise<Custody> {
  const owner = await stat(home.folder).catch(() => undefined);
  if (process.getuid?.() !== 0 || !owner || owner.uid === 0)
    return ownCustody(home, join(options.programs, "prisma/migrations"));
  const { helperHome = DEFAULT_HELPER_HOME, helperSocket = DEFAULT_SOCKET } = options;
  return await rootsCustody(home, homeAt(resolve(helperHome)), owner, resolve(helperSocket));
}

function ownCustody(home: Home, migrations: string): Custody {
  return {
    home,
    kept: home,
    books: ownBooks(home, migrations),
    helper: undefined,
    instance: async () => (await readDescription(home)).instance,
    async lastState() {
      if (!(await isThere(home.database))) return undefined;
      const db = openDatabase(home.database);
      try {
        const row = await db.inForce.findFirst();
        const { values } = await latestRevision(db);
        return { values, marks: row ? [row.mark, row.loadedMark] : [] };
      } finally {
        await db.$disconnect();
      }
    },
    async makeMap() {
      const db = openDatabase(home.database);
      try {
        await mendMap(await nodeAt(home, db));
      } finally {
        await db.$disconnect();
      }
    },
    async entrust() {},
    async tell() {},
    async forget() {
      await rm(home.adoption, { force: true });
    },
  };
}

async function rootsCustody(
  home: Home,
  kept: Home,
  owner: { uid: number; gid: number },
  socket: string,
): Promise<Custody> {
  // Where it is there already, also nobody else's.
  if (await isThere(kept.folder)) await requireOwn(kept.folder);
  const recordFile = join(kept.folder, "record.json");
  const configFile = join(kept.folder, "helper.json");
  return {
    home,
    kept,
    books: ownersBooks(home, owner),
    helper: { group: owner.gid, socket },
    instance: async () => (await readHelperConfig(kept.folder)).instance,
    async lastState() {
      const { inForce } = await readRecord(recordFile);
      return inForce && { values: inForce.values, marks: [inForce.mark, inForce.loadedMark] };
    },
    // Rules of before, where the home holds some, are brought into it by the panel's start.
    makeMap: (instance) =>
      accessMapAt(outside(instance, join(generatedDir(instance), ACCESS_MAP))).rebuild(noRows(), 0),
    async entrust(instance) {
      await mkdir(kept.folder, { recursive: true, mode: 0o700 });
      await requireOwn(kept.folder);
      await writeHelperConfig(configFile, { instance, group: owner.gid, socket });
    },
    tell: (inForce) => writeRecord(recordFile, { inForce, trials: [], takenBack: [] }),
    async forget() {
      for (const file of [configFile, recordFile, kept.adoption]) await rm(file, { force: true });
    },
  };
}

/**
 * The helper writes into the same folder, and goes by what is changed here.
 * @throws MachineFailure where it runs.
 */
export async function requireNoHelper({ kept, helper }: Custody): Promise<void> {
  if (!helper || !(await isThere(join(kept.folder, "helper.json")))) return;
  const { socket } = await readHelperConfig(kept.folder);
  if (await answersAt(socket))
    throw new MachineFailure(
      `The helper of this panel runs (${socket}). Stop both first: systemctl stop portcullis portcullis-helper. Mail goes on without them.`,
    );
}

async function* noRows() {}

/** A link that leads nowhere is there, too. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
