import { stat } from "node:fs/promises";
import { type Outcome, sightingSentence } from "@/lib/core/apply/outcome";
import { type MachinePorts, unlessMachineFails } from "@/lib/core/apply/ports";
import { digestsOf, isAnyLoaded, markOf, sameFiles } from "@/lib/core/apply/prepare";
import { DAEMON_DOWN, goBack } from "@/lib/core/apply/way-back";
import { machinePorts } from "@/lib/system/dovecot/machine";
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
  /** Nothing is kept yet, or Dovecot refuses what is kept: nothing was touched. */
  | { kind: "rejected"; problems: string[] }
  /** The files are these already, and the daemon runs them. */
  | { kind: "unchanged" }
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
  const { instance } = await readDescription(home);
  const ports = machinePorts({ instance, journalPath: home.journal, report });
  const lock = { who, why: "restoring the last known good files", waitMs: LOCK_WAIT_MS };
  return await withLock(home.lock, lock, async () => {
    const good = await ports.readGood();
    if (!good) return { kind: "rejected", problems: ["No last known good files are kept yet."] };
    // Whatever an edit made of it, also unreadable.
    const live = await ports.readLive().catch(unlessMachineFails);
    const mark = markOf(good);
    if (sameFiles(live, good) && mark && (await isAnyLoaded(ports, [mark]))) return { kind: "unchanged" };
    report("stage");
    const staged = await ports.stage(good);
    report("check");
    if (staged.complaints.length > 0) return { kind: "rejected", problems: staged.complaints };
    const diff = differenceBetween(live ?? {}, good, "live", "last-known-good");
    const files = {
      kind: "files",
      diff,
      before: digestsOf(live ?? {}, ports),
      after: digestsOf(good, ports),
    } as const;
    if (dryRun) return files;
    if (!(await ports.isRunning())) {
      await ports.swap(good);
      const outcome = {
        kind: "stuck",
        reason: "The files were put back.",
        wayBack: DAEMON_DOWN,
        daemonDown: true,
      } as const;
      return { ...files, outcome };
    }
    const outcome = await goBack(ports, {
      revision: 0,
      reason: "restored by hand",
      good,
      stillLoaded: undefined,
      reloadAtOnce: true,
      seenBefore: [],
    });
    return { ...files, outcome };
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
