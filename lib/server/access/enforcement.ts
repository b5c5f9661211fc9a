import { type Gap, gapsIn, sitePassdbs } from "@/lib/core/access/posture";
import { MachineFailure } from "@/lib/core/apply/ports";
import { isAnyLoaded } from "@/lib/core/apply/prepare";
import { ACCESS_FILE } from "@/lib/core/dovecot/access-files";
import type { Family } from "@/lib/core/dovecot/version";
import { supportedVersion } from "@/lib/system/dovecot/doveconf";
import { readSiteConfig, readTellingLines } from "@/lib/system/dovecot/site-config";
import { type Alarm, standingAlarms } from "../alarms";
import { readInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";
import { wantedSequence } from "./sequence";

/** Whether what is set for accounts is what Dovecot does, and everything that speaks against saying so. */
export interface Enforcement {
  /** Nothing speaks against it. */
  enforced: boolean;
  /** Sentences, the worst first; empty when enforced. */
  troubles: string[];
  /** Ways in past the lookup, out of the server's own configuration. */
  gaps: Gap[];
  map: "current" | "behind" | "missing";
  /** Everything that stands, whatever it is about. */
  alarms: Alarm[];
  checkedAt: Date;
}

/**
 * Looks at the map, at what the daemon has loaded, and at the server's own passdbs. Changes nothing. `known` are the gaps
 * that were found a moment ago: to look for them runs `doveconf`, which costs more than everything else here.
 */
export async function accessEnforcement(node: MailNode, known?: readonly Gap[]): Promise<Enforcement> {
  const [map, lookup, gaps, alarms] = await Promise.all([
    mapState(node),
    lookupTrouble(node),
    known ?? accessGaps(node),
    standingAlarms(node.db),
  ]);
  const troubles = [
    ...(map === "missing" ? [MAP_MISSING] : []),
    ...(map === "behind" ? [MAP_BEHIND] : []),
    ...lookup,
    ...gaps.map(({ sentence }) => sentence),
    ...alarms.filter(({ key }) => key.startsWith("access-")).map(({ sentence }) => sentence),
  ];
  return { enforced: troubles.length === 0, troubles, gaps: [...gaps], map, alarms, checkedAt: new Date() };
}

/** True as well of a Dovecot that doesn't run at all. */
export const LOOKUP_NOT_LOADED = "Dovecot does not run the configuration that asks the access map.";
const MAP_MISSING =
  "The access map is missing or can't be read, so Dovecot refuses every IMAP and POP3 login until it is made anew.";
const MAP_BEHIND = "The access map lacks the last changes: they are saved and not enforced yet.";

/** How long a change is given from the database to the map, and how often it is looked for. */
const UNTIL_BEHIND_MS = 300;
const LOOK_AGAIN_MS = 20;

async function mapState(node: MailNode): Promise<Enforcement["map"]> {
  try {
    // A change is in the database a moment before it is in the map: behind is only what stays behind. Those that come
    // meanwhile have their own moment.
    const wanted = await wantedSequence(node);
    for (let waited = 0; node.map.sequence() < wanted; waited += LOOK_AGAIN_MS) {
      if (waited >= UNTIL_BEHIND_MS) return "behind";
      await node.ports.wait(LOOK_AGAIN_MS);
    }
    return "current";
  } catch (error) {
    if (error instanceof MachineFailure) return "missing";
    throw error;
  }
}

/** Dovecot must have loaded the files that ask the map. */
async function lookupTrouble(node: MailNode): Promise<string[]> {
  const inForce = await readInForce(node);
  const asks = inForce !== undefined && ACCESS_FILE in inForce.fileDigests;
  if (asks && (await isAnyLoaded(node.ports, [inForce.mark, inForce.loadedMark]))) return [];
  return [LOOKUP_NOT_LOADED];
}

/** Ways in past the lookup, read from the server's own configuration now. */
export async function accessGaps(node: MailNode): Promise<Gap[]> {
  let family: Family;
  let root: Awaited<ReturnType<typeof readSiteConfig>>;
  try {
    ({ family } = await supportedVersion(node.instance));
    root = await readSiteConfig(node.instance);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ key: "unreadable", sentence: error.message }];
  }
  const files = [...new Set(sitePassdbs(root).flatMap((passdb) => passdb.files))];
  const texts = new Map(
    await Promise.all(
      files.map(async (path) => [path, await readTellingLines(node.instance, path)] as const),
    ),
  );
  return gapsIn(root, family, (path) => texts.get(path));
}
