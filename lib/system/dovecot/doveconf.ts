import { networkInterfaces } from "node:os";
import { dirname } from "node:path";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { type ConfigTree, configTree } from "@/lib/core/dovecot/config";
import { type EffectiveConfig, effectiveConfig } from "@/lib/core/dovecot/effective";
import { type DetectedVersion, detectVersion } from "@/lib/core/dovecot/version";
import { ASKED } from "@/lib/core/settings/asked";
import { askHelper } from "../helper/client";
import type { Ran } from "../run-here";
import { type DovecotInstance, runDovecot } from "./instance";

/** `doveconf` answers in 10–30 ms; one that takes this long hangs (a named pipe, a dead network file system). */
const TIMEOUT_MS = 10_000;

export async function readVersion(instance: DovecotInstance): Promise<DetectedVersion> {
  if (instance.helper) return await askHelper(instance.helper, { ask: "version" });
  const { stdout, stderr, exitCode, timedOut } = await runDovecot(
    instance,
    "dovecot",
    ["--version"],
    TIMEOUT_MS,
  );
  if (timedOut) throw hung("dovecot --version");
  if (exitCode !== 0) throw new MachineFailure(`Dovecot's program could not be run: ${firstLine(stderr)}.`);
  return detectVersion(stdout);
}

export async function supportedVersion(
  instance: DovecotInstance,
): Promise<DetectedVersion & { supported: true }> {
  const detected = await readVersion(instance);
  if (!detected.supported) throw new UnsupportedServer(detected.sentence);
  return detected;
}

/**
 * The daemon's own checker: `-x` opens what the settings point to (a missing certificate is found only so), `-n`
 * parses everything. Returns its complaint, or nothing. Its output holds the private key and is dropped.
 */
export async function complaintsOf(instance: DovecotInstance, configFile: string): Promise<string[]> {
  const { exitCode, stderr } = await doveconf(instance, ["-x", "-n", "-c", configFile]);
  return exitCode === 0 ? [] : [complaint(instance, configFile, stderr)];
}

/** @throws MachineFailure when the configuration can't be read; its message is Dovecot's complaint. */
export async function readEffective(instance: DovecotInstance, configFile: string): Promise<EffectiveConfig> {
  return effectiveOf(await readConfig(instance, configFile));
}

/** All that is ever asked of a configuration. Both answers are read at once: each takes some 20 ms. */
export async function readConfig(instance: DovecotInstance, configFile: string): Promise<ConfigTree> {
  if (instance.helper && configFile === instance.configFile)
    return await askHelper(instance.helper, { ask: "config" });
  const [asked, changed] = await Promise.all([
    readAnswer(instance, configFile, ASKED),
    readAnswer(instance, configFile, ["-n"]),
  ]);
  return configTree(asked, changed);
}

export function effectiveOf({ asked }: ConfigTree): EffectiveConfig {
  const effective = effectiveConfig(asked);
  // Dovecot skips the IPv6 wildcard on a host without IPv6, and so do we.
  if (hostHasIpv6()) return effective;
  return {
    ...effective,
    listeners: effective.listeners.filter(({ address }) => !IPV6_WILDCARDS.includes(address)),
  };
}

async function readAnswer(
  instance: DovecotInstance,
  configFile: string,
  args: readonly string[],
): Promise<string> {
  const { exitCode, stdout, stderr } = await doveconf(instance, ["-c", configFile, ...args]);
  if (exitCode === 0) return stdout;
  throw new MachineFailure(
    `Dovecot can't read its configuration: ${complaint(instance, configFile, stderr)}`,
  );
}

const IPV6_WILDCARDS = ["::", "[::]"];

function hostHasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family }) => family === "IPv6"),
  );
}

async function doveconf(instance: DovecotInstance, args: readonly string[]): Promise<Ran> {
  const ran = await runDovecot(instance, "doveconf", args, TIMEOUT_MS);
  if (ran.timedOut) throw hung("doveconf");
  return ran;
}

function hung(program: string): MachineFailure {
  return new MachineFailure(`${program} did not answer within ${TIMEOUT_MS / 1000} seconds.`);
}

/**
 * `doveconf: Fatal: Error in configuration file /x line 3: …`, without what every line has, and with the path of
 * the live file where a staged copy was read: the copy is gone when somebody reads this.
 */
function complaint(instance: DovecotInstance, configFile: string, stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /(?:Fatal|Error):/.test(line));
  const worst = lines.find((line) => line.includes("Fatal:")) ?? lines[0] ?? stderr.trim();
  const words = worst
    .replace(/^doveconf: (?:Fatal|Error): /, "")
    .replace(/^Error in configuration file /, "");
  return words.replaceAll(dirname(configFile), dirname(instance.configFile)) || "no reason given";
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.trim() ?? "";
}
