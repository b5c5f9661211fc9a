import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listenerLabel } from "@/lib/core/apply/outcome";
import { markOf } from "@/lib/core/apply/prepare";
import { SETTINGS_FILE } from "@/lib/core/dovecot/render";
import type { MailNode } from "@/lib/server/node";
import { complaintsOf, readEffective } from "@/lib/system/dovecot/doveconf";
import { commandFor, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { PATH } from "@/lib/system/run-here";
import { Unready } from "../prepare/say.mjs";
import { type Child, startChild, type Watch } from "./children";

/** A cold start takes 0.1–0.5 s; this long means that it won't. */
const START_TIMEOUT_MS = 20_000;
const GREETING_TIMEOUT_MS = 3000;
const POLL_MS = 50;
const TAIL_BYTES = 4096;

/** Puts the last working file in place of one that Dovecot can't start with. Returns what was done, as sentences. */
export async function mendBeforeStart(node: MailNode): Promise<string[]> {
  const complaints = await complaintsOf(node.instance, node.instance.configFile);
  if (complaints.length === 0) return [];
  const good = await node.ports.readGood();
  if (!good || (await node.ports.stage(good)).complaints.length > 0) {
    throw new Unready(`Dovecot can't start with its configuration: ${complaints.join(" ")}`);
  }
  const live = join(outside(node.instance, generatedDir(node.instance)), SETTINGS_FILE);
  const aside = `${live}.found-broken`;
  const kept = await rename(live, aside).then(
    () => ` The file that was found is kept as ${aside}.`,
    () => "",
  );
  await node.ports.swap(good);
  return [`${complaints.join(" ")} The last working ${SETTINGS_FILE} was put in its place.${kept}`];
}

/**
 * Starts the private Dovecot and returns once it has loaded the generated file. Ports that should answer and don't
 * are told and no reason to stop: the panel is where that is seen and mended.
 */
export async function startDovecot(
  node: MailNode,
  log: string,
  watch: Watch,
): Promise<{ child: Child; silent: string[] }> {
  const { program, args, as } = commandFor(node.instance, "dovecot", ["-F", "-c", node.instance.configFile]);
  const env = { PATH, LC_ALL: "C.UTF-8" };
  const child = await startChild({ name: "Dovecot", program, args, env, cwd: "/", as, log }, watch);
  const ended = child.exited.then((code) => `it ended with ${code}`);
  const problem = await Promise.race([ended, untilLoaded(node)]);
  if (problem !== undefined)
    throw new Unready(`Dovecot did not start: ${problem}.\n${await lastWords(node, log)}`);
  return { child, silent: await silentPorts(node) };
}

async function untilLoaded(node: MailNode): Promise<string | undefined> {
  const live = await node.ports.readLive();
  const mark = live ? markOf(live) : undefined;
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    if (mark === undefined ? await node.ports.isRunning() : (await node.ports.loadOf(mark)) !== undefined)
      return undefined;
    await sleep(POLL_MS);
  }
  return "it did not load its configuration";
}

/** Login processes come a moment after the master: looked at until all answer, or for the last time. */
async function silentPorts(node: MailNode): Promise<string[]> {
  const { listeners } = await readEffective(node.instance, node.instance.configFile);
  const expected = listeners.filter(({ open: isOpen }) => isOpen);
  for (let waited = 0; ; waited += POLL_MS) {
    const sightings = await node.ports.look(expected);
    const silent = expected.filter((_, index) => sightings[index]?.state !== "open");
    if (silent.length === 0 || waited >= GREETING_TIMEOUT_MS)
      return silent.map((listener) => `${listenerLabel(listener)} does not answer`);
    await sleep(POLL_MS);
  }
}

/** The end of what it printed and logged, to show beside a failure. */
async function lastWords(node: MailNode, log: string): Promise<string> {
  const tails = [log, outside(node.instance, join(node.instance.baseDir, "../log/dovecot.log"))].map(tail);
  return (await Promise.all(tails)).filter(Boolean).join("\n");
}

async function tail(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read({
        position: Math.max(0, size - TAIL_BYTES),
        length: TAIL_BYTES,
      });
      return buffer.subarray(0, bytesRead).toString("utf8").trim().split("\n").slice(-10).join("\n");
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
