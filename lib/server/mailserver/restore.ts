import { stat } from "node:fs/promises";
import { type Outcome, sightingSentence } from "@/lib/core/apply/outcome";
import type { MachinePorts } from "@/lib/core/apply/ports";
import { digestsOf } from "@/lib/core/apply/prepare";
import { type Restored as Kept, restore } from "@/lib/core/apply/restore";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { askHelper } from "@/lib/system/helper/client";
import { withLock } from "@/lib/system/lock";
import { audit } from "../audit";
import { openDatabase } from "../database/client";
import type { Home } from "../home";
import { readDescription } from "../node";
import { differenceBetween } from "./file-difference";
import type { Actor } from "./revisions";

/** A way back may take half a minute. */
const LOCK_WAIT_MS = 90_000;

export type Restored =
  | Exclude<Kept, { kind: "files" }>
  /** Without `outcome` it was only looked at. */
  | { kind: "files"; diff: string; before: Digests; after: Digests; outcome?: Outcome };

/** Of files, by their names. */
type Digests = Readonly<Record<string, string>>;

/**
 * Puts the last files back that Dovecot was seen to work with: checked first, confirmed afterwards. Needs no database:
 * what it goes by lies beside the live files. `who` is told to those who wait meanwhile.
 */
export async function restoreGood(
  home: Home,
  { who, dryRun, report }: { who: string; dryRun: boolean; report: MachinePorts["report"] },
): Promise<Restored> {
  const { instance, helper } = await readDescription(home);
  const ports = machinePorts({ instance, journalPath: home.journal, report });
  const lock = { who, why: "restoring the last known good files", waitMs: LOCK_WAIT_MS };
  return await withLock(home.lock, lock, async () => {
    const restored = helper
      ? await askHelper(helper, { ask: "restore", dryRun }, { onStep: report })
      : await restore(ports, dryRun);
    if (restored.kind !== "files") return restored;
    const { live, good, ...rest } = restored;
    return {
      ...rest,
      diff: differenceBetween(live, good, "live", "last-known-good"),
      before: digestsOf(live, ports),
      after: digestsOf(good, ports),
    };
  });
}

/**
 * Writes into the audit what came of it, where the database can be written: it is what was not needed. False where it
 * could not be.
 */
export async function auditRestore(home: Home, actor: Actor, restored: Restored): Promise<boolean> {
  if (!(await isThere(home.database))) return false;
  const db = openDatabase(home.database);
  try {
    await audit(db, {
      actor,
      action: "mailserver.restore",
      outcome: outcomeWord(restored),
      sentences: restoreSentences(restored),
      ...(restored.kind === "files" ? { filesBefore: restored.before, filesAfter: restored.after } : {}),
      probes:
        restored.kind === "files" && restored.outcome?.kind === "rolled-back"
          ? restored.outcome.probes.map(sightingSentence)
          : [],
    });
    return true;
  } catch {
    return false;
  } finally {
    await db.$disconnect();
  }
}

function outcomeWord(restored: Restored): string {
  if (restored.kind !== "files") return restored.kind;
  return restored.outcome?.kind === "rolled-back" ? "restored" : "stuck";
}

function restoreSentences(restored: Restored): string[] {
  if (restored.kind === "rejected") return restored.problems;
  if (restored.kind === "files" && restored.outcome?.kind === "stuck")
    return [restored.outcome.reason, restored.outcome.wayBack];
  return ["The last files that Dovecot was seen to work with."];
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
