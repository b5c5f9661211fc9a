import { createHash } from "node:crypto";
import { access, mkdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "@/lib/core/apply/outcome";
import { type MachinePorts, type StagedTree } from "@/lib/core/apply/ports";
import { markOf } from "@/lib/core/apply/prepare";
import { type EffectiveConfig, SWITCHED } from "@/lib/core/dovecot/effective";
import { type FileSet, GENERATED_FILES, SETTINGS_FILE } from "@/lib/core/dovecot/render";
import { onDisk, readIfThere, replaceFiles } from "../files";
import { journalAt } from "../journal";
import { lookAt } from "../probe/look";
import { unbindable } from "./binding";
import { loadOf, masterPid, reload, stopServices } from "./daemon";
import { complaintsOf, readEffective, supportedVersion } from "./doveconf";
import { type DovecotInstance, generatedDir, outside } from "./instance";
import { endSessions } from "./sessions";
import { withStagedTree } from "./staging";

/** Dovecot reads the generated files, so they are readable; they hold no secret. */
const FILE_MODE = 0o644;

export interface MachineOptions {
  instance: DovecotInstance;
  /** Remembers a run that is under way. */
  journalPath: string;
  report?: ((step: Step) => void) | undefined;
}

/** The engine's ports on a real machine with a real Dovecot. */
export function machinePorts({ instance, journalPath, report = () => {} }: MachineOptions): MachinePorts {
  const liveDir = outside(instance, generatedDir(instance));
  const goodDir = join(liveDir, "last-known-good");
  return {
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    async target() {
      const { family } = await supportedVersion(instance);
      // 2.4 can take a name out of `protocols`, so what else is in it need not be known.
      const folder = generatedDir(instance);
      if (family === "2.4") return { family, otherProtocols: [], folder };
      const { protocols } = await withStagedTree(instance, { [SETTINGS_FILE]: "" }, (main) =>
        readEffective(instance, main),
      );
      const otherProtocols = protocols.filter((protocol) => !SWITCHED.includes(protocol));
      return { family, otherProtocols, folder };
    },
    readLive: () => readFileSet(liveDir),
    readGood: () => readFileSet(goodDir),
    async keepGood(files) {
      await onDisk(`making ${goodDir}`, () => mkdir(goodDir, { recursive: true }));
      await replaceFiles(goodDir, files, FILE_MODE);
    },
    async swap(files) {
      await onDisk(`making ${liveDir}`, () => mkdir(liveDir, { recursive: true }));
      await replaceFiles(liveDir, files, FILE_MODE);
    },
    stage: (files) => withStagedTree(instance, files, (main) => checkTree(instance, main, files)),
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
  const complaints = await complaintsOf(instance, main);
  if (complaints.length > 0)
    return { complaints, includesOurs: true, missingExecutables: [], unbindable: [] };
  const effective = await readEffective(instance, main);
  return {
    complaints,
    effective,
    includesOurs: effective.statsSockets.includes(markOf(files) ?? ""),
    missingExecutables: await missingExecutables(instance, effective),
    unbindable: await unbindable(
      effective.listeners.filter(({ open }) => open),
      await masterPid(instance),
    ),
  };
}

async function missingExecutables(
  instance: DovecotInstance,
  { services, protocols, libexecDir }: EffectiveConfig,
): Promise<StagedTree["missingExecutables"]> {
  const needed = services.filter(({ protocol }) => protocols.includes(protocol));
  const missing = await Promise.all(
    needed.map(async ({ name, protocol, executable }) => {
      const path = outside(instance, isAbsolute(executable) ? executable : join(libexecDir, executable));
      return (await isThere(path)) ? undefined : { service: name, protocol, executable: path };
    }),
  );
  return missing.filter((entry) => entry !== undefined);
}

async function readFileSet(folder: string): Promise<FileSet | undefined> {
  const files: Record<string, string> = {};
  for (const name of GENERATED_FILES) {
    const path = join(folder, name);
    const content = await onDisk(`reading ${path}`, () => readIfThere(path));
    if (content !== undefined) files[name] = content;
  }
  return SETTINGS_FILE in files ? files : undefined;
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
