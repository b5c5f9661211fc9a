import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MachineFailure, type MachinePorts, type StagedTree } from "@/lib/core/apply/ports";
import { markOf } from "@/lib/core/apply/prepare";
import { SWITCHED } from "@/lib/core/dovecot/effective";
import { withGoodHeader, withoutGoodHeader } from "@/lib/core/dovecot/good-header";
import { type FileSet, GENERATED_FILES, SETTINGS_FILE } from "@/lib/core/dovecot/render";
import { siteFacts } from "@/lib/core/dovecot/target";
import { onDisk, readIfThere, replaceFiles } from "../files";
import { journalAt } from "../journal";
import { lookAt } from "../probe/look";
import { examineTls } from "../tls/examine";
import { unbindable } from "./binding";
import { loadOf, masterPid, reload, stopServices } from "./daemon";
import { complaintsOf, effectiveOf, readConfig, supportedVersion } from "./doveconf";
import { whoSets } from "./include-tree";
import { lacksMapDriver, missingExecutables, missingPlugins } from "./installed";
import { type DovecotInstance, generatedDir, outside } from "./instance";
import { endSessions } from "./sessions";
import { withStagedTree } from "./staging";

/** Dovecot reads the generated files, so they are readable; they hold no secret. */
const FILE_MODE = 0o644;

export interface MachineOptions {
  instance: DovecotInstance;
  /** Remembers a run that is under way. */
  journalPath: string;
  report?: MachinePorts["report"] | undefined;
  /** Another text for the main file of what is staged: how it reads when our lines are added, or taken out. */
  stagedMain?: string | undefined;
}

/** The engine's ports on a real machine with a real Dovecot. */
export function machinePorts({
  instance,
  journalPath,
  report = () => {},
  stagedMain,
}: MachineOptions): MachinePorts {
  const liveDir = outside(instance, generatedDir(instance));
  const goodDir = join(liveDir, "last-known-good");
  return {
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    async target() {
      const reading = withStagedTree(instance, { [SETTINGS_FILE]: "" }, (main) => readConfig(instance, main));
      // Read meanwhile; that the version is another one is told first.
      reading.catch(() => {});
      const { family } = await supportedVersion(instance);
      const tree = await reading;
      // 2.4 can take a name out of `protocols`, so what else is in it isn't written and need not be known.
      const others = family === "2.4" ? [] : effectiveOf(tree).protocols;
      return {
        family,
        otherProtocols: others.filter((protocol) => !SWITCHED.includes(protocol)),
        site: siteFacts(tree),
        folder: generatedDir(instance),
      };
    },
    memoryMb: () => Math.floor(totalmem() / 1024 ** 2),
    examineTls: (config, rehearse) => examineTls(instance, config, rehearse),
    whoSets: (places) => whoSets(instance, places),
    readLive: () => readFileSet(liveDir),
    readGood: () => readFileSet(goodDir),
    async keepGood(files, revision) {
      await onDisk(`making ${goodDir}`, () => mkdir(goodDir, { recursive: true }));
      const facts = { revision, folder: generatedDir(instance), configFile: instance.configFile };
      await replaceFiles(goodDir, withGoodHeader(files, facts), FILE_MODE);
    },
    async swap(files) {
      await onDisk(`making ${liveDir}`, () => mkdir(liveDir, { recursive: true }));
      await replaceFiles(liveDir, files, FILE_MODE);
    },
    stage: (files) => withStagedTree(instance, files, (main) => checkTree(instance, main, files), stagedMain),
    isRunning: async () => (await masterPid(instance)) !== undefined,
    loadOf: (mark) => loadOf(instance, mark),
    reload: () => reload(instance),
    stopServices: (names) => stopServices(instance, names),
    endSessions: (protocol) => endSessions(instance, protocol),
    look: (listeners) => Promise.all(listeners.map(lookAt)),
    journal: journalAt(journalPath),
    report,
    wait: async (milliseconds) => {
      await sleep(milliseconds);
    },
    now: () => performance.now(),
  };
}

async function checkTree(instance: DovecotInstance, main: string, files: FileSet): Promise<StagedTree> {
  const [complaints, config] = await Promise.all([
    complaintsOf(instance, main),
    // What can't be read is told by the complaint; without one, it is a failure of its own.
    readConfig(instance, main).catch((error: unknown) => {
      if (error instanceof MachineFailure) return error;
      throw error;
    }),
  ]);
  if (config instanceof MachineFailure) {
    if (complaints.length === 0) throw config;
    return {
      complaints,
      includesOurs: true,
      missingExecutables: [],
      missingPlugins: [],
      lacksMapDriver: false,
      unbindable: [],
    };
  }
  const effective = effectiveOf(config);
  return {
    complaints,
    effective,
    config,
    includesOurs: effective.statsSockets.includes(markOf(files) ?? ""),
    missingExecutables: await missingExecutables(instance, effective),
    missingPlugins: await missingPlugins(instance, config),
    lacksMapDriver: await lacksMapDriver(instance, config),
    unbindable: await unbindable(
      effective.listeners.filter(({ open }) => open),
      await masterPid(instance),
    ),
  };
}

async function readFileSet(folder: string): Promise<FileSet | undefined> {
  const files: Record<string, string> = {};
  for (const name of GENERATED_FILES) {
    const path = join(folder, name);
    const content = await onDisk(`reading ${path}`, () => readIfThere(path));
    // One that was put back by hand has the head of the folder that it came from.
    if (content !== undefined) files[name] = withoutGoodHeader(content);
  }
  return SETTINGS_FILE in files ? files : undefined;
}
