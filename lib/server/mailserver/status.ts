import type { Sighting } from "@/lib/core/apply/outcome";
import { overridden } from "@/lib/core/apply/overrides";
import { MachineFailure } from "@/lib/core/apply/ports";
import { hasDigests, type InForce, isAnyLoaded } from "@/lib/core/apply/prepare";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { EffectiveConfig, Listener } from "@/lib/core/dovecot/effective";
import { mailFolder } from "@/lib/core/dovecot/mail-folder";
import type { FileSet } from "@/lib/core/dovecot/render";
import type { Family } from "@/lib/core/dovecot/version";
import type { SettingsValues } from "@/lib/core/settings/catalogue";
import type { Volume } from "@/lib/core/volume";
import { effectiveOf, readConfig, readVersion } from "@/lib/system/dovecot/doveconf";
import { openSessions } from "@/lib/system/dovecot/sessions";
import { volumeAt } from "@/lib/system/mail-volume";
import type { MailNode } from "../node";
import { differenceBetween } from "./file-difference";
import { readInForce } from "./in-force";
import { latestRevision, type Revision } from "./revisions";

export interface ListenerStatus {
  protocol: string;
  service: string;
  address: string;
  port: number;
  /** TLS from the first byte. */
  tls: boolean;
  wanted: "open" | "closed";
  seen: Sighting["state"];
  /** Milliseconds to the greeting, where one came. */
  latencyMs: number | null;
  /** What is wrong, where it accepts connections and doesn't speak. */
  reason: string | null;
}

export type FilesStatus = "as-applied" | "edited" | "missing" | "unreadable";

export interface MailserverStatus {
  checkedAt: Date;
  dovecot: {
    version: string;
    running: boolean;
    /** A sentence when this Dovecot can't be managed or its configuration can't be read. */
    trouble: string | null;
    shutdownClients: boolean;
  };
  wanted: Revision;
  inForce: { revision: number; since: Date } | null;
  files: FilesStatus;
  /** Where the live file differs from what was last applied: the difference, in unified form. */
  edit: string | null;
  /** The daemon has loaded the configuration of the wanted revision, or closed what it closes. */
  loaded: boolean;
  /** Files and daemon are as last applied; until they are, any change needs a reload. */
  settled: boolean;
  /** What the server has in `protocols`; empty when its configuration can't be read. */
  protocols: string[];
  /** All that the files on disk come to; null when they can't be read. */
  site: { family: Family; config: ConfigTree } | null;
  /** Where mail is kept; null where the configuration doesn't tell, or tells only of users' homes. */
  volume: Volume | null;
  listeners: ListenerStatus[];
  /** False when the configuration can't be read and none was seen before: the list is then empty. */
  listenersKnown: boolean;
  /** Open sessions by protocol; null when the daemon can't be asked. */
  sessions: Record<string, number> | null;
  /** How the last run of the engine for the wanted revision ended, with its reason; null when it never ran. */
  lastAttempt: { outcome: string; finishedAt: Date; detail: string } | null;
}

/** Looks at database, files, daemon and ports, now, and changes nothing. */
export async function mailserverStatus(node: MailNode): Promise<MailserverStatus> {
  const [wanted, inForce] = await Promise.all([latestRevision(node.db), readInForce(node)]);
  const [running, live, site, attempt] = await Promise.all([
    node.ports.isRunning(),
    node.ports.readLive().catch(() => "unreadable" as const),
    readSite(node),
    node.db.attempt.findFirst({
      where: { node: node.name, revisionNumber: wanted.number },
      orderBy: { startedAt: "desc" },
    }),
  ]);
  const listeners = site.effective?.listeners ?? inForce?.listeners;
  // By itself: while this process starts others, it would measure its own delay.
  const sightings = await node.ports.look(listeners ?? []);
  const sessions = running ? await countSessions(node) : null;
  const marks = inForce ? [inForce.mark, inForce.loadedMark] : [];
  const inForceIsLoaded = await isAnyLoaded(node.ports, marks);
  const files = filesStatus(node, live, inForce);
  return {
    checkedAt: new Date(),
    dovecot: {
      version: site.version,
      running,
      trouble: site.trouble,
      shutdownClients: site.effective?.shutdownClients ?? true,
    },
    wanted,
    inForce: inForce ? { revision: inForce.revision, since: inForce.since } : null,
    files,
    edit: files === "edited" && live !== "unreadable" ? await editOf(node, live) : null,
    loaded: inForceIsLoaded && inForce?.revision === wanted.number,
    settled: inForceIsLoaded && files === "as-applied",
    protocols: site.effective?.protocols ?? [],
    site: site.read,
    volume: site.read ? await mailVolume(node, site.read.config) : null,
    listeners:
      listeners?.map((listener, index) => listenerStatus(listener, sightings[index], wanted.values)) ?? [],
    listenersKnown: listeners !== undefined,
    sessions,
    lastAttempt: attempt
      ? { outcome: attempt.outcome, finishedAt: attempt.finishedAt, detail: attempt.detail }
      : null,
  };
}

/** Generated files that are not as they were applied, whichever they are. */
export const FILES_KEY = "files";

/** Something that is wanted and not seen. What drift tells as well has the key that it has there. */
export interface Difference {
  key: string;
  sentence: string;
}

/** Everything that is wanted is seen: files, daemon and every port. The condition of `portcullis verify`. */
export function differences(status: MailserverStatus): string[] {
  return keyedDifferences(status).map(({ sentence }) => sentence);
}

export function keyedDifferences(status: MailserverStatus): Difference[] {
  const found: Difference[] = [];
  const { dovecot, files, inForce, wanted, listeners } = status;
  const add = (key: string, sentence: string) => found.push({ key, sentence });
  if (dovecot.trouble) add("config-broken", dovecot.trouble);
  if (!dovecot.running) add("daemon-down", "Dovecot is not running.");
  if (files !== "as-applied") add(FILES_KEY, FILE_SENTENCES[files]);
  if (inForce?.revision !== wanted.number) {
    add(
      "not-in-force",
      `Revision ${wanted.number} is wanted and ${inForce ? `revision ${inForce.revision}` : "none"} is in force.`,
    );
  } else if (dovecot.running && !status.loaded) {
    add("other-config", "Dovecot runs another configuration than the one that was last applied.");
  }
  found.push(...overrideDifferences(status));
  if (!status.listenersKnown) add("ports-unknown", "Which ports Dovecot listens on is not known.");
  for (const listener of listeners.filter((one) => one.wanted !== one.seen))
    add(`ports:${listener.address}:${listener.port}`, differenceSentence(listener));
  return found;
}

/** Where Portcullis's file is in place and another line undoes it. */
function overrideDifferences({ site, files, inForce, wanted }: MailserverStatus): Difference[] {
  if (!site || files !== "as-applied" || inForce?.revision !== wanted.number) return [];
  return overridden(site.config, wanted.values, site).map(({ key, label, words, read }) => {
    const found = read(site.config, site.family);
    const comesTo = found === undefined ? "something else" : words(found);
    const sentence = `${label} is wanted as ${words(wanted.values[key])}, and the files on disk come to ${comesTo}: another file sets it.`;
    return { key: `overridden:${key}`, sentence };
  });
}

const FILE_SENTENCES: Readonly<Record<Exclude<FilesStatus, "as-applied">, string>> = {
  edited: "The generated file was edited by hand since it was last applied.",
  missing: "The generated file is missing.",
  unreadable: "The generated file can't be read.",
};

function differenceSentence({ protocol, address, port, wanted, seen, reason }: ListenerStatus): string {
  const where = `${protocol.toUpperCase()} on ${address} port ${port}`;
  if (seen === "failing") return `${where} accepts connections and fails: ${reason ?? "no reason seen"}.`;
  return `${where} is ${seen} and should be ${wanted}.`;
}

interface Site {
  version: string;
  read: MailserverStatus["site"];
  effective: EffectiveConfig | undefined;
  trouble: string | null;
}

async function readSite(node: MailNode): Promise<Site> {
  let version = "unknown";
  try {
    const detected = await readVersion(node.instance);
    version = detected.version || "unknown";
    if (!detected.supported) return { version, read: null, effective: undefined, trouble: detected.sentence };
    const config = await readConfig(node.instance, node.instance.configFile);
    return {
      version,
      read: { family: detected.family, config },
      effective: effectiveOf(config),
      trouble: null,
    };
  } catch (error) {
    if (error instanceof MachineFailure)
      return { version, read: null, effective: undefined, trouble: error.message };
    throw error;
  }
}

export async function mailVolume(node: MailNode, config: ConfigTree): Promise<Volume | null> {
  const folder = mailFolder(config);
  return folder === undefined ? null : ((await volumeAt(node.instance, folder)) ?? null);
}

async function editOf(node: MailNode, live: FileSet | undefined): Promise<string | null> {
  const good = await node.ports.readGood().catch(() => undefined);
  return good ? differenceBetween(good, live ?? {}, "applied", "found") : null;
}

async function countSessions(node: MailNode): Promise<Record<string, number> | null> {
  const sessions = await openSessions(node.instance);
  if (!sessions) return null;
  const counts: Record<string, number> = {};
  for (const { protocol } of sessions) counts[protocol] = (counts[protocol] ?? 0) + 1;
  return counts;
}

function filesStatus(
  node: MailNode,
  live: FileSet | undefined | "unreadable",
  inForce: InForce | undefined,
): FilesStatus {
  if (live === "unreadable") return "unreadable";
  if (live === undefined) return "missing";
  return inForce === undefined || hasDigests(live, inForce, node.ports) ? "as-applied" : "edited";
}

export function listenerStatus(
  listener: Listener,
  seen: Sighting | undefined,
  values: SettingsValues,
): ListenerStatus {
  const { protocol, service, address, port, tls } = listener;
  // For the protocols that are set here the database says what is wanted, for the others the server's own files.
  const open = protocol === "imap" || protocol === "pop3" ? values[protocol] : listener.open;
  return {
    protocol,
    service,
    address,
    port,
    tls,
    wanted: open ? "open" : "closed",
    seen: seen?.state ?? "failing",
    latencyMs: seen?.state === "open" ? seen.latencyMs : null,
    reason: seen?.state === "failing" ? seen.reason : null,
  };
}
