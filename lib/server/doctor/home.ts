import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileSystemAt, placeAt } from "@/lib/system/doctor/places";
import { readIfThere } from "@/lib/system/files";
import type { Home } from "../home";
import { type Check, fail, ok, type Patient, unknown, type Verdict, warn } from "./check";

const OLDEST_NODE = [20, 19] as const;
/** Below the first a change may fail, below the second it soon will. In bytes. */
const TOO_LITTLE = 50e6;
const LITTLE = 500e6;
const FEW_FILES = 1000;

export const homeChecks: readonly Check[] = [
  {
    id: "node",
    group: "panel",
    look: async () => {
      const { node } = process.versions;
      const [major = 0, minor = 0] = node.split(".").map(Number);
      const [oldest, least] = OLDEST_NODE;
      return major > oldest || (major === oldest && minor >= least)
        ? ok(`Node ${node}.`)
        : fail(`Node ${node} is older than Portcullis needs.`, `Install Node ${oldest}.${least} or newer.`);
    },
  },
  { id: "build", group: "panel", look: buildOf },
  { id: "home-folder", group: "home", look: folderOf },
  { id: "home-file-system", group: "home", look: fileSystemOf },
  { id: "home-space", group: "home", look: spaceOf },
  { id: "home-secrets", group: "home", look: secretsOf },
  { id: "interrupted", group: "home", look: interruptedOf },
];

async function buildOf({ root, startCommand }: Patient): Promise<Verdict> {
  const missing = [];
  for (const path of [".next/BUILD_ID", "node_modules/next/package.json"]) {
    if (await isThere(join(root, path))) continue;
    missing.push(path);
  }
  if (missing.length === 0) return ok("The panel's pages are built, and its packages are there.");
  const how = startCommand.startsWith("npm")
    ? '"npm start" builds it.'
    : "Install the package again: apt-get install --reinstall portcullis";
  return fail(`The panel lacks ${missing.join(" and ")} in ${root}.`, how);
}

async function folderOf({ home, startCommand }: Patient): Promise<Verdict> {
  const place = await placeAt(home.folder);
  if (!place?.isFolder)
    return fail(
      `${home.folder}, where all state lives, ${place ? "is no folder" : "is not there"}.`,
      `Set PORTCULLIS_HOME to the right folder; if it was lost: portcullis backup restore FILE, else ${startCommand} makes a new one.`,
    );
  const us = process.getuid?.() ?? 0;
  if (us !== 0 && place.uid !== us)
    return fail(
      `${home.folder} belongs to user ${place.uid}, and this runs as ${us}.`,
      `Run it as root or as that user: sudo -u '#${place.uid}' portcullis doctor`,
    );
  if ((place.mode & 0o022) !== 0)
    return fail(
      `Others may write into ${home.folder} (mode ${octal(place.mode)}).`,
      `chmod 711 ${home.folder}`,
    );
  if ((place.mode & 0o004) !== 0)
    return warn(`Others may list ${home.folder} (mode ${octal(place.mode)}).`, `chmod 711 ${home.folder}`);
  return ok(`${home.folder}, mode ${octal(place.mode)}.`);
}

async function fileSystemOf({ home }: Patient): Promise<Verdict> {
  const { kind, name } = await fileSystemAt(home.folder);
  if (kind === "network")
    return fail(
      `${home.folder} lies on a network file system (${name}): SQLite's locks can't be relied on there, and the database may be damaged.`,
      "Stop the panel, move the folder to a disk of this machine, and set PORTCULLIS_HOME to it.",
    );
  if (kind === "memory")
    return warn(
      `${home.folder} lies in memory (${name}): all of it is gone after a restart of the machine.`,
      "Stop the panel, move the folder to a disk of this machine, and set PORTCULLIS_HOME to it.",
    );
  return ok("A disk of this machine, as far as can be told.");
}

async function spaceOf({ home }: Patient): Promise<Verdict> {
  const { freeBytes, files, freeFiles } = await fileSystemAt(home.folder);
  const free = `${(freeBytes / 1e6).toLocaleString("en", { maximumFractionDigits: 0 })} MB are free where the panel keeps its state`;
  const mend = `Make room on the file system of ${home.folder}; "portcullis backup list" tells what backups take.`;
  if (freeBytes < TOO_LITTLE) return fail(`${free}: changes fail when it is full.`, mend);
  if (files > 0 && freeFiles < FEW_FILES) return fail(`Only ${freeFiles} more files fit there.`, mend);
  return freeBytes < LITTLE ? warn(`${free}.`, mend) : ok(`${free}.`);
}

async function secretsOf({ home, startCommand }: Patient): Promise<Verdict[]> {
  const secret = (await readIfThere(home.secret))?.trim();
  const faults: Verdict[] = [];
  if (secret === undefined)
    faults.push(
      fail(
        `${home.secret} is missing: nobody stays signed in, and the audit's seals can't be looked at.`,
        `portcullis backup restore FILE puts it back; ${startCommand} makes a new one, and then the audit can't be verified.`,
      ),
    );
  else if (!/^[0-9a-f]{64}$/.test(secret))
    faults.push({
      ...fail(`${home.secret} is damaged.`, "portcullis backup restore FILE"),
      id: "home-secret-text",
    });
  for (const path of await secretFiles(home)) {
    const place = await placeAt(path);
    if (!place || (place.mode & 0o077) === 0) continue;
    faults.push({
      ...fail(`Others than its owner may read ${path} (mode ${octal(place.mode)}).`, `chmod 600 ${path}`),
      id: `home-secrets:${path.slice(home.folder.length + 1)}`,
    });
  }
  return faults.length > 0
    ? faults
    : [ok("Only their owner may read the secret, the database and the backups.")];
}

async function secretFiles(home: Home): Promise<string[]> {
  const backups = await readdir(home.backups).catch(() => []);
  return [
    home.secret,
    home.setupToken,
    home.sandboxAccounts,
    home.auditHead,
    home.database,
    `${home.database}-wal`,
    `${home.database}-shm`,
    ...backups.map((name) => join(home.backups, name)),
  ];
}

async function interruptedOf({ home, startCommand }: Patient): Promise<Verdict> {
  if ((await readIfThere(home.journal)) === undefined) return ok("No change was cut off in the middle.");
  return unknown(
    "A change is being applied right now, or was cut off in the middle.",
    `Look again in a minute. If it still stands: ${startCommand} finishes or undoes it.`,
  );
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
