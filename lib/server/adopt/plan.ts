import { dirname, join } from "node:path";
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import { type Gap, gapsIn, sitePassdbs } from "@/lib/core/access/posture";
import { type FoundValues, foundValues, type Unknown, without } from "@/lib/core/adopt/found-values";
import { addedLines, hasOurLines } from "@/lib/core/adopt/include-lines";
import { type Besides, besidesOurs, culpritsOf, type Dump } from "@/lib/core/adopt/proof";
import type { MachinePorts } from "@/lib/core/apply/ports";
import { type Prepared, prepare } from "@/lib/core/apply/prepare";
import { parseDoveconf } from "@/lib/core/dovecot/doveconf";
import { type FileSet, type Rendered, renderSettings } from "@/lib/core/dovecot/render";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import { dumpOf, placesThere } from "@/lib/system/adopt/locate";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { readTellingLines } from "@/lib/system/dovecot/site-config";
import { withStagedTree } from "@/lib/system/dovecot/staging";
import { type Look, runsAnotherFile } from "./look";

/** What adopting would do, whether it may, and the proof that it does nothing else. Nothing was written. */
export interface Plan {
  values: SettingsValues;
  /** Settings that are left to the server's own files, and why. */
  unknown: Unknown[];
  /** What is written into the folder beside the main file. */
  files: FileSet;
  folder: string;
  /** What is added to the end of the main file. */
  added: string;
  /** What `doveconf -n` says before and after, in unified form. */
  difference: string;
  /** Why it can't be; empty where it can. */
  problems: string[];
  /** Why it should not be: only `anyway` goes past them. */
  refusals: string[];
  warnings: string[];
  /** What was tried and holds, a sentence each. */
  passed: string[];
  prepared: Prepared | undefined;
}

export async function planAdoption(look: Look, journalPath: string): Promise<Plan> {
  const { instance, main } = look;
  const folder = generatedDir(instance);
  const added = addedLines(main.text, "portcullis");
  const ports = machinePorts({ instance, journalPath, stagedMain: main.text + added });
  const proof = await proofFor(look, ports, main.text + added);
  const preparation = await prepare(ports, proof.found.values, undefined);
  const ours = [...(await placesThere(instance, [folder]))];
  const gaps = await gapsOf(look, proof.after);
  return {
    values: proof.found.values,
    unknown: proof.found.unknown,
    files: proof.rendered.files,
    folder,
    added,
    difference: differenceOf(proof.before, proof.after),
    problems: [
      ...(main.isLink
        ? [`${instance.configFile} is a link to another file: whoever made it writes that one.`]
        : []),
      ...(hasOurLines(main.text) || ours.length > 0 ? [alreadyOurs(folder)] : []),
      ...[runsAnotherFile(look)].filter((sentence) => sentence !== undefined),
      ...proof.besides.map(({ sentence }) => `Adopting would change more than it adds: ${sentence}`),
      ...(preparation.ok ? [] : preparation.problems.map(({ message }) => message)),
    ],
    refusals: [
      ...look.writers.filter(({ kind }) => kind === "panel").map(({ sentence }) => sentence),
      ...(look.director ? [look.director] : []),
    ],
    warnings: [
      ...look.writers.filter(({ kind }) => kind === "management").map(({ sentence }) => sentence),
      ...gaps.map(({ sentence }) => sentence),
      ...look.changedSince.map(
        (path) =>
          `${path} was changed after Dovecot last loaded its files: the reload loads that change too.`,
      ),
      ...sessionWarnings(look, preparation.ok ? preparation.prepared : undefined),
    ],
    passed: [...(preparation.ok ? preparation.passed : []), ...(proof.besides.length === 0 ? [PROVED] : [])],
    prepared: preparation.ok ? preparation.prepared : undefined,
  };
}

const PROVED =
  "What Dovecot makes of a copy of the whole configuration (doveconf) differs before and after by the added lines alone; the order within protocols means nothing.";

async function gapsOf({ instance, family }: Look, after: Dump): Promise<Gap[]> {
  const root = parseDoveconf(after.changed);
  const files = [...new Set(sitePassdbs(root).flatMap((passdb) => passdb.files))];
  const texts = new Map(
    await Promise.all(files.map(async (path) => [path, await readTellingLines(instance, path)] as const)),
  );
  return gapsIn(root, family, (path) => texts.get(path));
}

function alreadyOurs(folder: string): string {
  return `Portcullis's lines or its folder ${folder} are there already: this server is adopted by another home, or was not given back. Run "portcullis release" with that home.`;
}

function sessionWarnings({ master, sessions }: Look, prepared: Prepared | undefined): string[] {
  if (!master)
    return [
      "Dovecot doesn't run: what is added counts from its next start on, and no port can be looked at before.",
    ];
  if (!prepared?.endsSessions) return [];
  const count =
    sessions === undefined
      ? "every open session"
      : sessions === 1
        ? "the 1 open session"
        : `the ${sessions} open sessions`;
  return [
    `One reload, which ends ${count} six seconds later (shutdown_clients = yes); mail programs come back by themselves.`,
  ];
}

interface Proof {
  found: FoundValues;
  rendered: Rendered;
  before: Dump;
  after: Dump;
  besides: Besides[];
}

/** Settings that can't be written without changing something else are left as found, each tried by itself. */
async function proofFor(look: Look, ports: MachinePorts, mainAfter: string): Promise<Proof> {
  const { instance, main, family } = look;
  const target = await ports.target();
  const before = await staged({}, main.text);
  async function staged(files: FileSet, text: string): Promise<Dump> {
    return await withStagedTree(
      instance,
      files,
      async (file) => {
        const { all, changed, asked } = await dumpOf(instance, file);
        // A path that is relative to the main file is none of its values.
        const live = (dump: string) => dump.replaceAll(dirname(file), dirname(instance.configFile));
        return { all: live(all), changed: live(changed), asked: live(asked) };
      },
      text,
    );
  }
  async function tryOut(values: SettingsValues) {
    const rendered = renderSettings(values, target, ports.digest);
    const after = await staged(rendered.files, mainAfter);
    return { rendered, after, besides: besidesOurs(before, after, { files: rendered.files, family }) };
  }
  let found = foundValues(look.config, family);
  let tried = await tryOut(found.values);
  // What is left out may have hidden something else: once more, twice at most.
  for (let round = 0; round < 2 && tried.besides.length > 0; round++) {
    const culprits = culpritsOf(tried.besides, found.values, target);
    found = without(
      found,
      culprits.map(({ setting: { key, label }, sentence }) => ({
        key,
        label,
        why: `Writing it would do more: ${sentence}`,
      })),
    );
    tried = await tryOut(found.values);
  }
  return { found, before, ...tried };
}

/** Values of these names are nobody's business who reads a plan. */
const SECRET = /^([ +-]*\S*(?:password|secret|_key|nonce)\S*\s*=\s*)\S.*$/gim;

function differenceOf(before: Dump, after: Dump): string {
  const shown = (dump: Dump) =>
    dump.changed
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => `${line}\n`)
      .join("");
  const patch = structuredPatch(
    "doveconf -n, now",
    "doveconf -n, adopted",
    shown(before),
    shown(after),
    undefined,
    undefined,
    { context: 2 },
  );
  return formatPatch(patch, FILE_HEADERS_ONLY).replace(SECRET, "$1(hidden)");
}

/** Everything that is written, by path, for showing. */
export function writtenFiles({ folder, files }: Plan): { path: string; content: string }[] {
  return Object.entries(files).map(([name, content]) => ({ path: join(folder, name), content }));
}
