import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type Side, type Turn, type TurnOutcome, turn } from "@/lib/core/adopt/turn";
import { expectationsFor } from "@/lib/core/apply/confirm";
import type { Probe } from "@/lib/core/apply/outcome";
import { type MachinePorts, unlessMachineFails } from "@/lib/core/apply/ports";
import { digestsOf, type Prepared } from "@/lib/core/apply/prepare";
import { digestOf, putBack, putFile } from "@/lib/system/adopt/main-file";
import { type AsRoot, foreignOwner } from "@/lib/system/as-owner";
import { lookUpLogins } from "@/lib/system/dovecot/auth-lookup";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { replaceFiles } from "@/lib/system/files";
import { mendMap } from "../access/mend-map";
import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Home } from "../home";
import { recordOutcome } from "../mailserver/in-force";
import { type Actor, addRevision } from "../mailserver/revisions";
import { type MailNode, nodeAt, writeDescription } from "../node";
import { beginFolder, removeFolder } from "./folder";
import { helperPlace, tellHelper, writeHelperConfig } from "./helper";
import type { Look } from "./look";
import type { Plan } from "./plan";
import { type AdoptionRecord, copyPath, readCopy, writeAdoption } from "./record";

const FILE_MODE = 0o644;

export interface AdoptRequest {
  actor: Actor;
  reason: string;
  report: MachinePorts["report"];
  /** For what the home's owner may not do. */
  asRoot: AsRoot;
}

export type Adopted =
  | { kind: "adopted"; revision: number; probes: Probe[] }
  /** Dovecot doesn't run: the files are in place, and count when it starts. */
  | { kind: "waiting"; revision: number }
  | Extract<TurnOutcome, { kind: "rolled-back" | "stuck" }>;

/**
 * Takes a server over as planned: copies first, then files, one reload, and what is seen decides. Call it under the home's
 * lock, with a plan that was made under it, and with a database that is migrated.
 */
export async function adoptServer(
  home: Home,
  db: Database,
  { look, plan }: { look: Look; plan: Plan & { prepared: Prepared } },
  { actor, reason, report, asRoot }: AdoptRequest,
): Promise<Adopted> {
  const owner = await foreignOwner(home.folder);
  const instance = { ...look.instance, stagingDir: stagingOf(home, look.instance.root, owner !== undefined) };
  const record = recordOf(instance, { look, plan }, { actor, reason });
  await writeDescription(home, { kind: "system", instance });
  await asRoot(() => beginFolder(record, look));
  const node = await nodeAt(home, db);
  const startedAt = new Date();
  const revision = await firstRevision(db, plan, { actor, reason });
  const ports = machinePorts({ instance, journalPath: home.journal, report });
  const [marks, expectations] = [[plan.prepared.rendered.mark], expectationsOf(plan.prepared)];
  const answered = look.master ? await asRoot(() => stranger(instance)) : undefined;
  const change = {
    from: { marks, ours: false, expectations },
    to: {
      marks,
      ours: true,
      expectations,
      also: async () =>
        (await stranger(instance)) === "unknown" && answered !== "unknown" ? MAP_UNREADABLE : undefined,
    },
    async forward() {
      await writeOurs(node, plan);
      const main = { ...look.main, text: look.main.text + plan.added };
      await putFile(outside(instance, instance.configFile), main, false);
    },
    async back() {
      await putBack(outside(instance, instance.configFile), await readCopy(record));
    },
  } satisfies Turn;
  const outcome = await asRoot(() => turn(ports, change));
  await audit(db, {
    actor,
    action: "server.adopt",
    outcome: outcome.kind,
    subject: instance.configFile,
    reason,
    sentences: sentencesOf(outcome, plan),
  });
  if (outcome.kind === "rolled-back") await forget(home, node, asRoot);
  if (outcome.kind === "rolled-back" || outcome.kind === "stuck") return outcome;
  await asRoot(() => writeAdoption({ ...record, state: "adopted" }));
  if (owner) {
    await asRoot(() => writeHelperConfig(instance, owner.gid));
    await writeDescription(home, { kind: "system", instance, helper: { socket: helperPlace().socket } });
  }
  if (outcome.kind === "waiting") return { kind: "waiting", revision };
  const { loadedMark, probes } = outcome;
  await asRoot(() => ports.keepGood(plan.files, revision));
  if (owner)
    await asRoot(() =>
      tellHelper({
        revision,
        values: plan.values,
        fileDigests: digestsOf(plan.files, ports),
        mark: plan.prepared.rendered.mark,
        loadedMark,
        listeners: plan.prepared.effective.listeners,
      }),
    );
  await recordOutcome(
    node,
    {
      id: randomUUID(),
      revision,
      startedAt,
      outcome: { kind: "applied", enforcement: { how: "reload" }, loadedMark, probes, notes: [] },
      prepared: plan.prepared,
    },
    { actor, action: "mailserver.apply", reason },
  );
  return { kind: "adopted", revision, probes };
}

/** Copies lie where Dovecot sees them, and where nobody writes but who checks them. */
function stagingOf(home: Home, root: string, isForeign: boolean): string {
  if (root === "") return isForeign ? helperPlace().staging : home.staging;
  return `/var/lib/portcullis-${createHash("sha256").update(home.folder).digest("hex").slice(0, 12)}`;
}

function recordOf(
  instance: DovecotInstance,
  { look, plan }: { look: Look; plan: Plan },
  { actor, reason }: Pick<AdoptRequest, "actor" | "reason">,
): AdoptionRecord {
  const { configFile } = instance;
  const { uid, gid, mode, mtimeMs, sha256 } = look.main;
  return {
    state: "adopting",
    at: new Date().toISOString(),
    by: actor.name,
    reason,
    instance,
    version: look.version,
    layout: look.layout.sentence,
    folder: plan.folder,
    added: plan.added,
    touched: {
      path: configFile,
      copy: copyPath(instance),
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

/** What was found becomes what is wanted: revision 1, or the next one of a home that was adopted before. */
async function firstRevision(
  db: Database,
  { values, unknown }: Plan,
  { actor, reason }: Pick<AdoptRequest, "actor" | "reason">,
): Promise<number> {
  return await db.$transaction(async (write) => {
    const last = await write.revision.findFirst({ orderBy: { number: "desc" }, select: { number: true } });
    const number = (last?.number ?? 0) + 1;
    const sentences = [
      "As the server was found when it was adopted.",
      ...unknown.map(({ label }) => `${label}: unknown, left to the server's own files`),
    ];
    await addRevision(write, { number, values, actor, reason: reason || "Adopted as found", sentences });
    return number;
  });
}

async function writeOurs(node: MailNode, { files }: Plan): Promise<void> {
  const folder = outside(node.instance, generatedDir(node.instance));
  // Before anybody is looked up in it: a map that is missing refuses everybody.
  await mendMap(node);
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

/** After the main file is as it was and Dovecot runs it: nothing of ours stays but the copy and the audit. */
async function forget(home: Home, { instance, db }: MailNode, asRoot: AsRoot): Promise<void> {
  await asRoot(() => removeFolder(instance));
  await db.inForce.deleteMany({});
  await rm(home.instance, { force: true });
}

function sentencesOf(outcome: TurnOutcome, { unknown, warnings }: Plan): string[] {
  const what =
    outcome.kind === "rolled-back" || outcome.kind === "stuck"
      ? [outcome.reason, ...(outcome.kind === "stuck" ? [outcome.wayBack] : [])]
      : ["The server's own values became the wanted ones; one include was added to its main file."];
  return [...what, ...unknown.map(({ label, why }) => `Unknown: ${label}. ${why}`), ...warnings];
}
