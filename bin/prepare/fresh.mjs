import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A digest of files and folders (without what is generated), to tell whether something made from them is stale. */
export function digestOf(root, paths) {
  return hashOf(root, paths, (full) => readFileSync(full));
}

/**
 * The same by sizes and times alone: a tenth of a second sooner for what starts often. A checkout that only touched the
 * files makes it anew, so it is for what is made quickly.
 */
export function quickDigestOf(root, paths) {
  return hashOf(root, paths, (_, { size, mtimeMs }) => `${size} ${mtimeMs}`);
}

function hashOf(root, paths, tellOf) {
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) addTo(hash, root, path, tellOf);
  return hash.digest("hex");
}

function addTo(hash, root, path, tellOf) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(full).toSorted()) {
      if (path === "prisma" && name === "client") continue;
      addTo(hash, root, join(path, name), tellOf);
    }
    return;
  }
  hash.update(`${path}\0`).update(tellOf(full, stat)).update("\0");
}

/**
 * Runs `make` when `digest` isn't the one it was last run for. Two scripts that start at once don't make it
 * twice: the second waits and finds it made.
 */
export async function makeOnce(stampFile, digest, make) {
  if (readStamp(stampFile) === digest) return;
  mkdirSync(dirname(stampFile), { recursive: true });
  await withMakerLock(`${stampFile}.lock`, async () => {
    if (readStamp(stampFile) === digest) return;
    rmSync(stampFile, { force: true });
    await make();
    writeFileSync(stampFile, digest);
  });
}

function readStamp(file) {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, "utf8") : undefined;
}

async function withMakerLock(lock, action) {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const holder = Number(readStamp(lock));
      if (!statSync(`/proc/${holder}`, { throwIfNoEntry: false })) rmSync(lock, { force: true });
      else await sleep(250);
    }
  }
  try {
    await action();
  } finally {
    rmSync(lock, { force: true });
  }
}
