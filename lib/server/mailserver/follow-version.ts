import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { prepare } from "@/lib/core/apply/prepare";
import { writtenFor } from "@/lib/core/dovecot/access-files";
import { type FileSet, GENERATED_FILES } from "@/lib/core/dovecot/render";
import type { Family } from "@/lib/core/dovecot/version";
import { settings } from "@/lib/core/settings/catalogue";
import { lacks } from "@/lib/core/settings/rules";
import { complaintsOf, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { generatedDir, outside } from "@/lib/system/dovecot/instance";
import { onDisk, replaceFiles } from "@/lib/system/files";
import { audit } from "../audit";
import { isOthers } from "../host-node";
import type { MailNode } from "../node";
import { applyWanted, whileAlone } from "./apply";
import { differenceBetween } from "./file-difference";
import { readInForce } from "./in-force";
import { type Actor, latestRevision } from "./revisions";
import { applyView } from "./views";

const FILE_MODE = 0o644;

export interface VersionPlan {
  from: Family;
  to: Family;
  /** Of the Dovecot that is installed now. */
  version: string;
  /** The generated files, in unified form. */
  diff: string;
  /** Settings that are set and that this version doesn't know: sentences. */
  lost: string[];
}

export type Followed =
  /** The files are this version's; where they were not seen in force yet, they are now. */
  | { kind: "current"; version: string; sentences: string[] }
  /** This Dovecot, or the server's own files, don't take it: nothing was changed. */
  | { kind: "rejected"; problems: string[] }
  | ({ kind: "plan" } & VersionPlan)
  /** In place and checked; Dovecot is to be started with them. `kept`: the folder with the files of before. */
  | ({ kind: "in-place"; kept: string } & VersionPlan);

/**
 * Dovecot was exchanged underneath for one with the other language: writes the wanted settings in that. Needs the server's
 * own files to be in it already. Checked on a copy; the files of before are kept beside; nothing is started. For root, `node`
 * is the machine itself (host-node).
 */
export async function followVersion(node: MailNode, actor: Actor, isWanted: boolean): Promise<Followed> {
  const { version, family: to } = await supportedVersion(node.instance);
  const live = await node.ports.readLive();
  const from = live && writtenFor(live);
  if (live === undefined || from === undefined || from === to) return await current(node, actor, version);
  return await whileAlone(node, actor, `writing the settings for Dovecot ${version}`, async () => {
    const wanted = await latestRevision(node.db);
    const preparation = await prepare(node.ports, wanted.values, await readInForce(node));
    if (!preparation.ok)
      return { kind: "rejected", problems: preparation.problems.map(({ message }) => message) };
    const { files } = preparation.prepared.rendered;
    const lost = settings
      .filter((setting) => wanted.values[setting.key] !== null && lacks(setting, { family: to }))
      .map(({ label }) => `${label} is set, and Dovecot ${to} doesn't know it: it has no effect.`);
    const plan = { from, to, version, diff: differenceBetween(live, files, from, to), lost };
    if (!isWanted) return { kind: "plan", ...plan };
    const kept = await keepBeside(node, live, from);
    await put(node, files);
    const complaints = await complaintsOf(node.instance, node.instance.configFile);
    if (complaints.length > 0) {
      await put(node, live);
      return { kind: "rejected", problems: [...complaints, "The files of before were put back."] };
    }
    await audit(node.db, {
      actor,
      action: "mailserver.follow-version",
      outcome: "in-place",
      subject: `revision ${wanted.number}`,
      sentences: [`The settings are written for Dovecot ${version}; before, for ${from}.`, ...lost],
    });
    return { kind: "in-place", kept, ...plan };
  });
}

const SEE_IT = "To see it in force on every port, and have it noted: portcullis drift restore";

async function current(node: MailNode, actor: Actor, version: string): Promise<Followed> {
  if (!(await node.ports.isRunning()))
    return { kind: "current", version, sentences: ["Dovecot doesn't run: start it, and look again."] };
  // The helper must hear of what is in force, and is the panel's user's to ask.
  if (await isOthers(node.home)) return { kind: "current", version, sentences: [SEE_IT] };
  const { inForce, details } = applyView(await applyWanted(node, actor, { replaceEdited: false }));
  return { kind: "current", version, sentences: [inForce, ...details] };
}

async function keepBeside({ instance }: MailNode, files: FileSet, family: Family): Promise<string> {
  const folder = join(generatedDir(instance), `of-dovecot-${family}`);
  await onDisk(`making ${folder}`, () => mkdir(outside(instance, folder), { recursive: true }));
  await replaceFiles(outside(instance, folder), files, FILE_MODE);
  return folder;
}

/** One version has files that the other hasn't. */
async function put({ instance, ports }: MailNode, files: FileSet): Promise<void> {
  await ports.swap(files);
  const folder = outside(instance, generatedDir(instance));
  for (const name of GENERATED_FILES) if (!(name in files)) await rm(join(folder, name), { force: true });
}
