import { join } from "node:path";
import { z } from "zod";
import type { AccessMap } from "@/lib/core/access/map-port";
import { type Engine, localEngine } from "@/lib/core/apply/engine";
import { MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import type { Scope } from "@/lib/core/operators/roles";
import { accessMapAt } from "@/lib/system/access/map-file";
import { type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { machinePorts } from "@/lib/system/dovecot/machine";
import { onDisk, readIfThere, replaceFile } from "@/lib/system/files";
import { helperEngine, helperMap, helperPorts } from "@/lib/system/helper/remote";
import { type Database, database } from "./database/client";
import { currentHome, type Home } from "./home";

export const instanceSchema = z.object({
  root: z.string(),
  configFile: z.string(),
  baseDir: z.string(),
  stagingDir: z.string(),
  user: z.object({ uid: z.number(), gid: z.number() }).optional(),
});

const descriptionSchema = z.object({
  /** `system`: a server that was there before and was adopted. It is checked and reloaded, never started or stopped. */
  kind: z.enum(["sandbox", "system"]),
  instance: instanceSchema,
  /** Where the root helper listens, for a panel that runs as a user of its own (docs/privilege.md). */
  helper: z.object({ socket: z.string() }).optional(),
});

/** Which Dovecot this home manages. Written when it is set up, read by panel and CLI alike. */
export type NodeDescription = z.infer<typeof descriptionSchema>;

/** The composition root: one mail node, with the real machine behind the engine's ports. */
export interface MailNode {
  /** There is one node until there is a fleet; everything that is in force or seen is kept by this name. */
  name: "local";
  kind: NodeDescription["kind"];
  home: Home;
  instance: DovecotInstance;
  ports: MachinePorts;
  /** Runs of the engine: here, or in the helper. */
  engine: Engine;
  /** What the daemon asks at each login. */
  map: AccessMap;
  db: Database;
  /** Whose domains are seen and changed by it: what lies outside is to every query as if it weren't there. */
  scope: Scope;
}

/** What a query of accounts and domains needs. */
export type Scoped = Pick<MailNode, "db" | "scope">;

/** All of the server: for the command line on the host and for what runs by itself. Pages take theirs from web/node. */
export async function openNode(): Promise<MailNode> {
  return await nodeAt(currentHome(), database());
}

export async function nodeAt(home: Home, db: Database): Promise<MailNode> {
  const { kind, instance: own, helper } = await readDescription(home);
  const instance: DovecotInstance = { ...own, helper };
  const ports = machinePorts({ instance, journalPath: home.journal });
  const map = mapOf(instance);
  const here = { ports, engine: localEngine, map };
  const there = helper && {
    ports: helperPorts(helper, ports),
    engine: helperEngine(helper),
    map: helperMap(helper, map),
  };
  return { name: "local", kind, home, instance, ...(there ?? here), db, scope: null };
}

/** One for each file in a process, also where Next loads this module twice: its transactions wait for one another. */
const shared = globalThis as { portcullisMaps?: Map<string, AccessMap> };

export function mapOf(instance: DovecotInstance): AccessMap {
  const path = join(outside(instance, generatedDir(instance)), ACCESS_MAP);
  shared.portcullisMaps ??= new Map();
  const map = shared.portcullisMaps.get(path) ?? accessMapAt(path);
  shared.portcullisMaps.set(path, map);
  return map;
}

export async function readDescription(home: Home): Promise<NodeDescription> {
  const text = await onDisk(`reading ${home.instance}`, () => readIfThere(home.instance));
  if (text === undefined)
    throw new MachineFailure(
      `Nothing is set up in ${home.folder} yet. Run "npm start" once, or set PORTCULLIS_HOME.`,
    );
  const description = descriptionSchema.safeParse(parseJson(text));
  if (!description.success)
    throw new MachineFailure(
      `${home.instance} is damaged. Restore it, or start with another PORTCULLIS_HOME.`,
    );
  return description.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function writeDescription(home: Home, description: NodeDescription): Promise<void> {
  await replaceFile(home.instance, `${JSON.stringify(description, null, 2)}\n`, 0o600);
}
