import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withoutOurLines } from "@/lib/core/adopt/include-lines";
import { type TurnOutcome, turn } from "@/lib/core/adopt/turn";
import { type Expectation, expectationsFor } from "@/lib/core/apply/confirm";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { markOf } from "@/lib/core/apply/prepare";
import { renderPlain } from "@/lib/core/dovecot/render";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { exportOf } from "@/lib/core/settings/exchange";
import { authProcesses, untilEnded } from "@/lib/system/adopt/auth-processes";
import { digestOf, type KeptFile, putBack, putFile, readKept } from "@/lib/system/adopt/main-file";
import type { AsRoot } from "@/lib/system/as-owner";
import { effectiveOf, readConfig } from "@/lib/system/dovecot/doveconf";
import { type DovecotInstance, outside } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { readIfThere } from "@/lib/system/files";
import { audit } from "../audit";
import { type Database, openDatabase } from "../database/client";
import type { Home } from "../home";
import { type Actor, latestRevision } from "../mailserver/revisions";
import { readDescription } from "../node";
import { clearHalves, removeFolder } from "./folder";
import { removeHelperConfig } from "./helper";
import { type AdoptionRecord, readAdoption, readCopy, writeAdoption } from "./record";

/** How the main file is given back. */
export interface GivenBack {
  path: string;
  /** `as-found`: byte by byte, with owner, mode and time. `lines-out`: somebody edited it since; only our lines go. */
  how: "as-found" | "lines-out" | "untouched";
  file: KeptFile;
}

export interface ReleasePlan {
  record: AdoptionRecord;
  instance: DovecotInstance;
  main: GivenBack;
  now: KeptFile;
  /** Dovecot's complaints of a copy without ours. */
  problems: string[];
  expectations: Expectation[];
}

/** What giving back would do. Nothing is written. @throws MachineFailure where nothing was adopted, or a copy is gone. */
export async function planRelease(home: Home): Promise<ReleasePlan> {
  const record = await readAdoption(home);
  if (!record)
    throw new MachineFailure(`${home.folder} has adopted no server, so there is nothing to give back.`);
  const { instance } = record;
  const now = await readKept(outside(instance, record.touched.path));
  if (!now)
    throw new MachineFailure(`${record.touched.path} is gone; a copy of it is ${record.touched.copy}.`);
  const main = await givenBack(record, now);
  const ports = machinePorts({ instance, journalPath: home.journal, stagedMain: main.file.text });
  const { complaints, effective } = await ports.stage({});
  const listeners = effective?.listeners ?? [];
  const [seen, current] = [
    await ports.look(listeners),
    effectiveOf(await readConfig(instance, instance.configFile)),
  ];
  const expectations = expectationsFor(listeners)
    .map((one, index) => ({ ...one, excused: isDeadAlready(one, seen[index]?.state, current.protocols) }))
    .filter(({ wanted }, index) => wanted === "open" || seen[index]?.state === "closed");
  return { record, instance, main, now, problems: complaints, expectations };
}

/**
 * Adopting that was cut off before anything was touched, or giving back after everything was: nothing of the server is left to give
 * back, and what lies about is cleared away. False where there is nothing of the kind.
 */
export async function clearRemains(home: Home, asRoot: AsRoot): Promise<boolean> {
  if ((await readIfThere(home.instance)) === undefined || (await readAdoption(home))) return false;
  const { kind, instance } = await readDescription(home);
  if (kind !== "system") return false;
  await asRoot(() => clearHalves(instance));
  await rm(home.instance, { force: true });
  return true;
}

/** It should answer now and doesn't: giving the server back doesn't mend that. */
function isDeadAlready(
  { listener, wanted }: Expectation,
  seen: string | undefined,
  protocols: readonly string[],
): boolean {
  return wanted === "open" && seen !== "open" && protocols.includes(listener.protocol);
}

/** How the main file would come back, as it is now. */
export function howGivenBack({ touched }: AdoptionRecord, now: Pick<KeptFile, "sha256">): GivenBack["how"] {
  if (now.sha256 === touched.sha256After) return "as-found";
  return now.sha256 === touched.sha256Before ? "untouched" : "lines-out";
}

async function givenBack(record: AdoptionRecord, now: KeptFile): Promise<GivenBack> {
  const { path } = record.touched;
  const how = howGivenBack(record, now);
  if (how === "as-found") return { path, how, file: await readCopy(record) };
  if (how === "untouched") return { path, how, file: now };
  const text = withoutOurLines(now.text, record.added);
  const file = { ...now, text, sha256: digestOf(text) };
  return { path, how, file };
}

export type Released = { kind: "refused"; problems: string[] } | (TurnOutcome & { main: GivenBack });

export interface ReleaseRequest {
  actor: Actor;
  /** A folder for the last state, as plain files. */
  keep: string | undefined;
  report: MachinePorts["report"];
  /** For what the home's owner may not do. */
  asRoot: AsRoot;
}

/** Gives a server back. Call it under the home's lock. */
export async function releaseServer(
  home: Home,
  plan: ReleasePlan,
  { actor, keep, report, asRoot }: ReleaseRequest,
): Promise<Released> {
  const { record, instance, main, now, problems } = plan;
  if (problems.length > 0) return { kind: "refused", problems };
  const db = (await isThere(home.database)) ? openDatabase(home.database) : undefined;
  try {
    if (keep !== undefined && db) {
      const { values } = await latestRevision(db);
      await asRoot(() => keepState(keep, values, { home, instance, main }));
    }
    const ports = machinePorts({ instance, journalPath: home.journal, report });
    const row = await db?.inForce.findFirst();
    const outcome = await asRoot(async () => {
      const marks = await ourMarks(ports, row);
      await writeAdoption({ ...record, state: "releasing" });
      const path = outside(instance, main.path);
      const older = await authProcesses(instance);
      const came = await turn(ports, {
        from: { marks: marks.slice(0, 1), ours: true, expectations: [] },
        to: { marks, ours: false, expectations: plan.expectations },
        forward: () =>
          main.how === "lines-out" ? putFile(path, main.file, false) : putBack(path, main.file),
        back: () => putBack(path, now),
      });
      // A map that is taken away under them would refuse whoever is signing in this very moment.
      if (came.kind === "done") await untilEnded(older);
      if (came.kind === "done" || came.kind === "waiting") await forgetServer(instance);
      else await writeAdoption(record);
      return came;
    });
    if (db) await auditRelease(db, actor, main, outcome);
    if (outcome.kind === "done" || outcome.kind === "waiting") {
      await db?.inForce.deleteMany({});
      await rm(home.instance, { force: true });
    }
    return { ...outcome, main };
  } finally {
    await db?.$disconnect();
  }
}

/** The mark of the live files first; that of an older file may be what is loaded. */
async function ourMarks(
  ports: MachinePorts,
  row: { mark: string; loadedMark: string } | null | undefined,
): Promise<string[]> {
  const live = await ports.readLive();
  const marks = [live ? markOf(live) : undefined, row?.mark, row?.loadedMark];
  return [...new Set(marks.filter((mark) => mark !== undefined))];
}

/** Nothing of ours stays there. */
async function forgetServer(instance: DovecotInstance): Promise<void> {
  await removeFolder(instance);
  await rm(outside(instance, instance.stagingDir), { recursive: true, force: true });
  await removeHelperConfig(instance);
}

async function auditRelease(
  db: Database,
  actor: Actor,
  main: GivenBack,
  outcome: TurnOutcome,
): Promise<void> {
  await audit(db, {
    actor,
    action: "server.release",
    outcome: outcome.kind,
    subject: main.path,
    sentences: [
      ...("reason" in outcome ? [outcome.reason] : []),
      ...("wayBack" in outcome ? [outcome.wayBack] : []),
      backSentence(main),
    ],
  });
}

export function backSentence({ path, how }: Pick<GivenBack, "path" | "how">): string {
  if (how === "as-found") return `${path} is byte by byte as it was found, with its owner, mode and time.`;
  if (how === "untouched") return `${path} was put back by somebody already, and was left as it is.`;
  return `${path} was edited since it was adopted: only Portcullis's lines were taken out, and the edits stay.`;
}

/** The last state for a server without Portcullis: what to include, and what `mailserver import` takes. */
async function keepState(
  folder: string,
  values: SettingsValues,
  { home, instance, main }: { home: Home; instance: DovecotInstance; main: GivenBack },
): Promise<void> {
  const target = await machinePorts({ instance, journalPath: home.journal }).target();
  const text = `# What Portcullis had set, as plain settings. Include it as the last line of ${main.path}.\n${renderPlain(values, target)}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "settings.conf"), text, { flush: true });
    await writeFile(join(folder, "settings.json"), `${JSON.stringify(exportOf(values), null, 2)}\n`, {
      flush: true,
    });
  } catch (error) {
    throw new MachineFailure(
      `The last state could not be kept in ${folder}: ${error instanceof Error ? error.message : ""}. Nothing was given back.`,
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
