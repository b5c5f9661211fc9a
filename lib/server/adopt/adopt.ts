import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type Side, type TurnOutcome, turn } from "@/lib/core/adopt/turn";
import { expectationsFor } from "@/lib/core/apply/confirm";
import type { Probe } from "@/lib/core/apply/outcome";
import { type MachinePorts, unlessMachineFails } from "@/lib/core/apply/ports";
import { digestsOf, type Prepared } from "@/lib/core/apply/prepare";
import { endAuthWorkers } from "@/lib/system/access/auth-workers";
import { digestOf, putBack, putFile } from "@/lib/system/adopt/main-file";
import { lookUpLogins } from "@/lib/system/dovecot/auth-lookup";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { onDisk, replaceFiles } from "@/lib/system/files";
import type { AuditEvent } from "../audit";
import type { Home } from "../home";
import type { Actor } from "../mailserver/revisions";
import type { Custody } from "./custody";
import type { Look } from "./look";
import type { Plan } from "./plan";
import { type AdoptionRecord, copyAt, keepCopy, readCopy, writeAdoption } from "./record";

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

export interface AdoptRequest {
  actor: Actor;
  reason: string;
  report: MachinePorts["report"];
}

export type Adopted =
  | { kind: "adopted"; revision: number; probes: Probe[] }
  /** Dovecot doesn't run: the files are in place, and count when it starts. */
  | { kind: "waiting"; revision: number }
  | Extract<TurnOutcome, { kind: "rolled-back" | "stuck" }>;

/**
 * Takes a server over as planned: copies first, then files, one reload, and what is seen decides. Call it under the lock,
 * with a plan that was made under it, and with books that are open.
 */
export async function adoptServer(
  custody: Custody,
  { look, plan }: { look: Look; plan: Plan & { prepared: Prepared } },
  { actor, reason, report }: AdoptRequest,
): Promise<Adopted> {
  const { kept, books, helper } = custody;
  const instance = { ...look.instance, stagingDir: stagingOf(kept, look.instance.root) };
  const record = recordOf(kept, { look, plan }, { actor, reason });
  await mkdir(dirname(record.touched.copy), { recursive: true, mode: 0o700 });
  await keepCopy(record.touched.copy, look.main);
  await custody.entrust(instance);
  await writeAdoption(kept, record);
  const unknown = plan.unknown.map(({ label }) => label);
  const { revision } = await books.begin({
    record,
    instance,
    socket: helper?.socket,
    values: plan.values,
    unknown,
    actor,
    reason,
  });
  const startedAt = Date.now();
  const ports = machinePorts({ instance, journalPath: kept.journal, report });
  const [marks, expectations] = [[plan.prepared.rendered.mark], expectationsOf(plan.prepared)];
  const answered = look.master ? await stranger(instance) : undefined;
  const outcome = await turn(ports, {
    from: { marks, ours: false, expectations },
    to: {
      marks,
      ours: true,
      expectations,
      also: async () =>
        (await stranger(instance)) === "unknown" && answered !== "unknown" ? MAP_UNREADABLE : undefined,
    },
    async forward() {
      await writeOurs(custody, instance, plan);
      const main = { ...look.main, text: look.main.text + plan.added };
      await putFile(outside(instance, instance.configFile), main, false);
    },
    async back() {
      await putBack(outside(instance, instance.configFile), await readCopy(record));
    },
  });
  const event = {
    actor,
    action: "server.adopt",
    outcome: outcome.kind,
    subject: instance.configFile,
    reason,
    sentences: sentencesOf(outcome, plan),
  } satisfies AuditEvent;
  if (outcome.kind === "rolled-back") {
    await removeOurs(instance);
    await custody.forget();
    await books.end({ event, after: "forget" });
    return outcome;
  }
  if (outcome.kind === "stuck") {
    await books.end({ event, after: "keep" });
    return outcome;
  }
  await writeAdoption(kept, { ...record, state: "adopted" });
  if (outcome.kind === "waiting") {
    await books.end({ event, after: "adopted" });
    return { kind: "waiting", revision };
  }
  const { loadedMark, probes } = outcome;
  const { prepared } = plan;
  await ports.keepGood(plan.files, revision);
  await custody.tell({
    revision,
    values: plan.values,
    fileDigests: digestsOf(plan.files, ports),
    mark: prepared.rendered.mark,
    loadedMark,
    listeners: prepared.effective.listeners,
  });
  const applied = { kind: "applied", enforcement: { how: "reload" }, loadedMark, probes, notes: [] } as const;
  const run = { revision, startedAt, outcome: { ...applied, notes: [] }, prepared };
  await books.end({ event, after: "adopted", run });
  return { kind: "adopted", revision, probes };
}

/** Beneath another root copies must lie where Dovecot sees them. */
function stagingOf(home: Home, root: string): string {
  if (root === "") return home.staging;
  return `/var/lib/portcullis-${createHash("sha256").update(home.folder).digest("hex").slice(0, 12)}`;
}

function recordOf(
  home: Home,
  { look, plan }: { look: Look; plan: Plan },
  { actor, reason }: Pick<AdoptRequest, "actor" | "reason">,
): AdoptionRecord {
  const { configFile } = look.instance;
  const { uid, gid, mode, mtimeMs, sha256 } = look.main;
  return {
    state: "adopting",
    at: new Date().toISOString(),
    by: actor.name,
    reason,
    version: look.version,
    layout: look.layout.sentence,
    folder: plan.folder,
    added: plan.added,
    touched: {
      path: configFile,
      copy: copyAt(home, configFile),
      sha256Before: sha256,
      sha256After: digestOf(look.main.text + plan.added),
      uid,
      gid,
      mode,
      mtimeMs,
    },
    unknown: plan.unknown.map(({ label, why }) => ({ label, why })),
    warnings: plan.warnings,
  };
}

async function writeOurs(custody: Custody, instance: DovecotInstance, { files }: Plan): Promise<void> {
  const folder = outside(instance, generatedDir(instance));
  await onDisk(`making ${folder}`, async () => {
    await mkdir(folder, { mode: FOLDER_MODE });
    // The umask may have closed it to Dovecot's own user.
    await chmod(folder, FOLDER_MODE);
  });
  // Before anybody is looked up in it: a map that is missing refuses everybody.
  await custody.makeMap(instance);
  await replaceFiles(folder, files, FILE_MODE);
}

/** What answered before must answer; what didn't is told and no reason to go back, nor is a port that others have. */
function expectationsOf({ effective, before }: Prepared): Side["expectations"] {
  return expectationsFor(effective.listeners)
    .map((one, index) => ({ ...one, excused: one.wanted === "open" && before[index]?.state !== "open" }))
    .filter(({ wanted }, index) => wanted === "open" || before[index]?.state === "closed");
}

const MAP_UNREADABLE =
  "Dovecot can't read the access map, and would let nobody in: its auth-worker needs leave to enter the folder of its configuration.";

/** What Dovecot says of somebody that nobody is: `unknown` where a lookup fails. */
async function stranger(instance: DovecotInstance): Promise<string> {
  const name = `nobody-${randomUUID()}`;
  for (const protocol of PROTOCOLS) {
    const found = await lookUpLogins(instance, protocol, [name]).catch(unlessMachineFails);
    const state = found?.get(name)?.state ?? "unknown";
    if (state === "unknown") return state;
  }
  return "asked";
}

/** Takes the folder away, once nothing that runs reads it any more. */
export async function removeOurs(instance: DovecotInstance): Promise<void> {
  await endAuthWorkers(instance, "stale").catch(() => 0);
  const main = outside(instance, instance.configFile);
  // One that was being written when somebody pulled the plug.
  for (const name of await readdir(dirname(main)))
    if (name.startsWith(`${basename(main)}.portcullis-`)) await rm(join(dirname(main), name));
  await rm(outside(instance, generatedDir(instance)), { recursive: true, force: true });
}

function sentencesOf(outcome: TurnOutcome, { unknown, warnings }: Plan): string[] {
  const what =
    outcome.kind === "rolled-back" || outcome.kind === "stuck"
      ? [outcome.reason, ...(outcome.kind === "stuck" ? [outcome.wayBack] : [])]
      : ["The server's own values became the wanted ones; one include was added to its main file."];
  return [...what, ...unknown.map(({ label, why }) => `Unknown: ${label}. ${why}`), ...warnings];
}
