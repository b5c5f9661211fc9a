import { createReadStream } from "node:fs";
import { MachineFailure } from "@/lib/core/apply/ports";
import { type Block, parseDoveconf } from "@/lib/core/dovecot/doveconf";
import { askHelper } from "../helper/client";
import { type DovecotInstance, outside, runDovecot } from "./instance";

const TIMEOUT_MS = 10_000;

/** Everything that the server's files set to another value than Dovecot's own, as blocks (`doveconf -n`). */
export async function readSiteConfig(instance: DovecotInstance): Promise<Block> {
  if (instance.helper) return (await askHelper(instance.helper, { ask: "config" })).changed;
  const { exitCode, stdout, stderr } = await runDovecot(
    instance,
    "doveconf",
    ["-n", "-c", instance.configFile],
    TIMEOUT_MS,
  );
  if (exitCode !== 0)
    throw new MachineFailure(
      `Dovecot can't read its configuration: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    );
  return parseDoveconf(stdout);
}

/** Lines of a passdb's file that matter here, so that a million users' passwords are not kept in memory. */
const TELLING = /user\b|proxy/i;
/** In characters. */
const LONGEST_KEPT = 256 * 1024;

/** The telling lines of a file as Dovecot sees it, or undefined where it can't be read. */
export async function readTellingLines(instance: DovecotInstance, path: string): Promise<string | undefined> {
  let kept = "";
  let rest = "";
  try {
    const stream = createReadStream(outside(instance, path), { encoding: "utf8" });
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (kept.length < LONGEST_KEPT && TELLING.test(line)) kept += `${line}\n`;
    }
  } catch {
    return undefined;
  }
  return TELLING.test(rest) ? kept + rest : kept;
}
