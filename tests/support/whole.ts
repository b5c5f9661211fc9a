import { sameFiles } from "@/lib/core/apply/prepare";
import { renderSettings } from "@/lib/core/dovecot/render";
import { reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { findRevision } from "@/lib/server/mailserver/revisions";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import type { TestSandbox } from "./sandbox";

/**
 * Does what the next start does, and says what isn't whole then: the files are those of the revision in force, the daemon runs
 * them and answers, the database is sound, nothing is left in the journal, and where what is wanted isn't in force, the page
 * says so. `base` is the newest revision before.
 */
export async function faultsAfterStart(sandbox: TestSandbox, base: number): Promise<string[]> {
  const { node } = sandbox;
  const faults: string[] = [];
  const recovered = await recoverInterrupted(node);
  if (!(await node.ports.isRunning())) await sandbox.start();
  const reconciled = await reconcile(node, recovered?.wentBack ? recovered.revision : undefined);
  const after = await mailserverStatus(node);
  const told = differences(after);
  // One that went back is left, and the page says so; everything else is as wanted.
  const isLeft = reconciled.kind === "left" || after.inForce?.revision !== after.wanted.number;
  if (told.length > 0 && !isLeft) faults.push(...told);
  if (isLeft && told.length === 0)
    faults.push("Something else than what is wanted is in force, and the page doesn't say so.");
  if (after.wanted.number > base + 1) faults.push(`Revision ${base} became ${after.wanted.number}.`);
  if ((await node.ports.journal.read()) !== undefined) faults.push("The journal still names a run.");
  const inForce = await findRevision(node.db, after.inForce?.revision ?? 0);
  const live = await node.ports.readLive();
  const expected =
    inForce && renderSettings(inForce.values, await node.ports.target(), node.ports.digest).files;
  if (!sameFiles(live, expected))
    faults.push("The live files are not those of the revision in force, whole.");
  for (const { protocol, seen, wanted, port } of after.listeners)
    if (protocol === "imap" && seen !== "open")
      faults.push(`IMAP on port ${port} is ${seen}, wanted ${wanted}.`);
  const [check] = await node.db.$queryRaw<{ integrity_check: string }[]>`PRAGMA integrity_check`;
  if (check?.integrity_check !== "ok") faults.push(`The database says ${JSON.stringify(check)}.`);
  return faults;
}
