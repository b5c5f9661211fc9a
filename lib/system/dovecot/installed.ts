import { access, readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { StagedTree } from "@/lib/core/apply/ports";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { Block } from "@/lib/core/dovecot/doveconf";
import type { EffectiveConfig } from "@/lib/core/dovecot/effective";
import { type DovecotInstance, outside } from "./instance";

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
