import { dirname } from "node:path";
import { type ConfigFile, type Layout, layoutOf } from "@/lib/core/adopt/layout";
import { type Recognised, recogniseWriters, WRITERS_PLACES } from "@/lib/core/adopt/other-writers";
import { directorSentence, type SignInSource, signInSources } from "@/lib/core/adopt/sign-in-sources";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { Family } from "@/lib/core/dovecot/version";
import { locate, type Master, placesThere, runningMaster } from "@/lib/system/adopt/locate";
import { type KeptFile, readKept } from "@/lib/system/adopt/main-file";
import { effectiveOf, readConfig, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { fileStates } from "@/lib/system/dovecot/file-states";
import { includeTree } from "@/lib/system/dovecot/include-tree";
import { missingExecutables } from "@/lib/system/dovecot/installed";
import { type DovecotInstance, outside } from "@/lib/system/dovecot/instance";
import { openSessions } from "@/lib/system/dovecot/sessions";
import { readIfThere } from "@/lib/system/files";

export interface Where {
  /** "" for the machine's own. */
  root: string;
  config: string | undefined;
}

/** What was found of a server, before anything is planned. Reads only. */
export interface Look {
  instance: DovecotInstance;
  version: string;
  family: Family;
  layout: Layout;
  /** In the order in which Dovecot reads them. */
  files: ConfigFile[];
  sources: SignInSource[];
  authCache: { on: boolean; size: string };
  protocols: { name: string; on: boolean; installed: boolean }[];
  master: Master | undefined;
  /** How many sessions a reload concerns; undefined where it doesn't run. */
  sessions: number | undefined;
  writers: Recognised[];
  /** Set where it passes logins on to a ring of other servers. */
  director: string | undefined;
  /** Files that were changed after the running Dovecot last loaded any: its next reload loads that too. */
  changedSince: string[];
  main: KeptFile;
  config: ConfigTree;
}

/** `stagingDir`: where copies may be made, as Dovecot sees it. @throws MachineFailure with a sentence where nothing can be found out. */
export async function lookAtServer(where: Where, stagingDir: string): Promise<Look> {
  const instance = await locate({ ...where, stagingDir });
  const [{ version, family }, config, { files, patterns }, main, master] = await Promise.all([
    supportedVersion(instance),
    readConfig(instance, instance.configFile),
    includeTree(instance),
    readKept(outside(instance, instance.configFile)),
    runningMaster(instance),
  ]);
  if (!main) throw new MachineFailure(`${instance.configFile} is gone.`);
  const texts = await textsOf(instance, files);
  const [there, states, sessions] = await Promise.all([
    placesThere(instance, WRITERS_PLACES),
    fileStates(instance, [...new Set(files.map(({ path }) => path))]),
    master ? openSessions(instance) : undefined,
  ]);
  const cache = config.asked.settings.auth_cache_size ?? "0";
  return {
    instance,
    version,
    family,
    layout: layoutOf(files, patterns),
    files,
    sources: signInSources(config.changed),
    authCache: { on: !/^0\b/.test(cache), size: cache },
    protocols: await protocolsOf(instance, config),
    master,
    sessions: sessions?.length,
    writers: recogniseWriters(there, texts),
    director: directorSentence(config.changed),
    changedSince: master
      ? states
          .filter(({ state, changedMs }) => state === "file" && changedMs > master.loadedMs)
          .map(({ path }) => path)
      : [],
    main,
    config,
  };
}

async function textsOf(
  instance: DovecotInstance,
  files: readonly ConfigFile[],
): Promise<Record<string, string>> {
  const read = files.filter(({ state }) => state === "read").map(({ path }) => path);
  const texts = await Promise.all(
    [...new Set(read)].map(
      async (path) => [path, (await readIfThere(outside(instance, path))) ?? ""] as const,
    ),
  );
  return Object.fromEntries(texts);
}

const KNOWN = ["imap", "pop3", "lmtp", "sieve", "submission"];

async function protocolsOf(instance: DovecotInstance, config: ConfigTree): Promise<Look["protocols"]> {
  const effective = effectiveOf(config);
  const names = [...new Set([...KNOWN, ...effective.protocols])];
  const missing = await missingExecutables(instance, { ...effective, protocols: names });
  const declared = (name: string) => effective.services.some(({ protocol }) => protocol === name);
  return names.map((name) => ({
    name,
    on: effective.protocols.includes(name),
    installed: declared(name) && !missing.some(({ protocol }) => protocol === name),
  }));
}

/** Another main file than the running one's: whatever is written there would never be loaded. */
export function runsAnotherFile({ master, instance }: Look): string | undefined {
  const other = master?.configFile;
  return other !== undefined && other !== instance.configFile && dirname(other) !== "."
    ? `The running Dovecot (pid ${master?.pid}) was started with ${other}, not with ${instance.configFile}. Name that one with --config.`
    : undefined;
}
