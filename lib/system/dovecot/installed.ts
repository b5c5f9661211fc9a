import { access, readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { StagedTree } from "@/lib/core/apply/ports";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { Block } from "@/lib/core/dovecot/doveconf";
import type { EffectiveConfig } from "@/lib/core/dovecot/effective";
import { type DovecotInstance, outside, runDovecot } from "./instance";

/** Programs that Dovecot would have to run and that no package brought: it would end. */
export async function missingExecutables(
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

/** Mail plugins that are to be loaded and whose module isn't there: every session would end at once. */
export async function missingPlugins(
  instance: DovecotInstance,
  { asked, changed }: ConfigTree,
): Promise<string[]> {
  const wanted = [asked, ...changed.blocks.filter(({ type }) => type === "protocol")].flatMap(pluginsIn);
  const folder = asked.settings.mail_plugin_dir;
  if (!folder || wanted.length === 0) return [];
  const modules = await readdir(outside(instance, folder)).catch(() => undefined);
  if (!modules) return [];
  const isModule = (name: string) =>
    modules.some((file) => file.replace(/^lib\d*_?/, "") === `${name}_plugin.so`);
  return [...new Set(wanted)].filter((name) => !isModule(name));
}

/**
 * Whether the driver by which Dovecot asks the access map is not there: its auth process would not start, and nobody
 * could sign in. Debian has it in a package of its own; others build it in.
 */
export async function lacksMapDriver(instance: DovecotInstance, { asked }: ConfigTree): Promise<boolean> {
  const folder = asked.settings.mail_plugin_dir;
  if (!folder || (await isThere(outside(instance, join(folder, "libdriver_sqlite.so"))))) return false;
  const { stdout } = await runDovecot(instance, "dovecot", ["--build-options"], TIMEOUT_MS);
  return !/^SQL drivers?:.*\bsqlite\b/m.test(stdout);
}

const TIMEOUT_MS = 5000;

/** 2.3 has a text with blanks, 2.4 a block of switches. */
function pluginsIn({ settings, blocks }: Block): string[] {
  const listed = blocks.find(({ type }) => type === "mail_plugins")?.settings ?? {};
  return [
    ...(settings.mail_plugins ?? "").split(/\s+/).filter(Boolean),
    ...Object.keys(listed).filter((name) => listed[name] === "yes"),
  ];
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
