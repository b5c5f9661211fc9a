import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Dump } from "@/lib/core/adopt/proof";
import { MachineFailure } from "@/lib/core/apply/ports";
import { ASKED } from "@/lib/core/settings/asked";
import { masterPid } from "../dovecot/daemon";
import { readEffective } from "../dovecot/doveconf";
import { type DovecotInstance, outside, runDovecot } from "../dovecot/instance";
import { argumentsOf } from "../processes";

const TIMEOUT_MS = 10_000;
const USUAL = "/etc/dovecot/dovecot.conf";

/**
 * The Dovecot of this machine, or the one beneath another root: its main file as its own tools name it, and where its
 * sockets are. `stagingDir` is where copies are made, as Dovecot sees it.
 * @throws MachineFailure when there is none, or its configuration can't be read.
 */
export async function locate({
  root,
  config,
  stagingDir,
}: {
  root: string;
  config: string | undefined;
  stagingDir: string;
}): Promise<DovecotInstance> {
  const nowhere: DovecotInstance = { root, configFile: USUAL, baseDir: "", stagingDir };
  const configFile = config ?? (await ownMainFile(nowhere));
  if (!isAbsolute(configFile)) throw new MachineFailure(`${configFile} must be a whole path, from / on.`);
  const there = await stat(outside(nowhere, configFile)).catch(() => undefined);
  if (!there?.isFile())
    throw new MachineFailure(
      `There is no Dovecot configuration ${outside(nowhere, configFile)}. Name its main file with --config.`,
    );
  const { baseDir } = await readEffective({ ...nowhere, configFile }, configFile);
  return { root, configFile, baseDir, stagingDir };
}

/** `doveconf` begins with `# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf`. */
async function ownMainFile(instance: DovecotInstance): Promise<string> {
  const { stdout } = await runDovecot(instance, "doveconf", ["-n"], TIMEOUT_MS);
  return /^# \S+ .*: (\/\S.*)$/m.exec(stdout)?.[1]?.trim() ?? USUAL;
}

export interface Master {
  pid: number;
  /** The main file that it was started with, where its command line names one. */
  configFile: string | undefined;
  /** Milliseconds since 1970 at which it last made its sockets: its start, or its last reload. */
  loadedMs: number;
}

/** The running master, by its pid file. */
export async function runningMaster(instance: DovecotInstance): Promise<Master | undefined> {
  const pid = await masterPid(instance);
  if (pid === undefined) return undefined;
  const words = await argumentsOf(pid);
  const at = words.indexOf("-c");
  return { pid, configFile: at < 0 ? undefined : words[at + 1], loadedMs: await lastLoad(instance) };
}

async function lastLoad(instance: DovecotInstance): Promise<number> {
  const folder = outside(instance, instance.baseDir);
  const times = await Promise.all(
    (await readdir(folder).catch(() => [])).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isSocket() ? found.ctimeMs : 0;
    }),
  );
  return Math.max(0, ...times);
}

/** All that `doveconf` says of a main file, with and without the defaults. */
export async function dumpOf(instance: DovecotInstance, mainFile: string): Promise<Dump> {
  const [all, changed, asked] = await Promise.all(
    [["-a"], ["-n"], ASKED].map(async (what) => {
      const ran = await runDovecot(instance, "doveconf", ["-c", mainFile, ...what], TIMEOUT_MS);
      if (ran.exitCode !== 0)
        throw new MachineFailure(
          `Dovecot can't read its configuration: ${ran.stderr.trim().split("\n").at(-1)}`,
        );
      return ran.stdout;
    }),
  );
  return { all: all ?? "", changed: changed ?? "", asked: asked ?? "" };
}

/** Which of these files and folders there are, as Dovecot's machine has them. */
export async function placesThere(
  instance: DovecotInstance,
  places: readonly string[],
): Promise<Set<string>> {
  const found = await Promise.all(
    places.map(async (place) => ((await stat(outside(instance, place)).catch(() => undefined)) ? place : "")),
  );
  return new Set(found.filter(Boolean));
}
