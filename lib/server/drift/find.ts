import { join } from "node:path";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { mend, overridden } from "@/lib/core/apply/overrides";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { ACCESS_FILE, ACCESS_MAP, queryFile } from "@/lib/core/dovecot/access-files";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { FileSet } from "@/lib/core/dovecot/render";
import type { Family } from "@/lib/core/dovecot/version";
import { effectiveOf, readConfig, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { type FileState, fileStates } from "@/lib/system/dovecot/file-states";
import { configFiles } from "@/lib/system/dovecot/include-tree";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { certificateEnd } from "@/lib/system/tls/certificate";
import { certificateFiles } from "@/lib/system/tls/examine";
import { differenceBetween } from "../mailserver/file-difference";
import { type RecordedInForce, readInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";

export type DriftKind =
  | "edited"
  | "removed"
  | "unreadable"
  | "replaced"
  | "include-missing"
  | "config-broken"
  | "overridden"
  | "older-config"
  | "other-config"
  | "ports"
  | "daemon-down"
  | "certificate"
  | "access-map"
  | "access-lookup";

/** Something that is otherwise than Portcullis left it. */
export interface Finding {
  key: string;
  kind: DriftKind;
  /** `alarm`: mail is down, or people may get in who must not. */
  severity: "alarm" | "warning";
  sentence: string;
  diff: string;
}

/** A certificate that ends within so many days is told of. */
const CERTIFICATE_DAYS = 21;
const DAY_MS = 24 * 60 * 60_000;

/** Looks at files, daemon, ports and certificate against what is in force. Changes nothing; some 150 ms of `doveconf`. */
export async function findDrift(node: MailNode): Promise<Finding[]> {
  const inForce = await readInForce(node);
  if (!inForce) return [];
  const folder = generatedDir(node.instance);
  const states = await fileStates(
    node.instance,
    Object.keys(inForce.fileDigests).map((name) => join(folder, name)),
  );
  const running = await node.ports.isRunning();
  const load = running ? await loadOf(node, inForce) : undefined;
  const files = await fileFindings(node, inForce, states);
  return [
    ...(await mapFindings(node)),
    ...files,
    ...(running ? [] : [DOWN]),
    ...(running && load === undefined ? [OTHER_CONFIG] : []),
    ...(await configFindings(node, inForce, load, files.length > 0)),
    ...(running ? await portFindings(node, inForce) : []),
  ];
}

const DOWN: Finding = {
  key: "daemon-down",
  kind: "daemon-down",
  severity: "alarm",
  sentence:
    "Dovecot is not running: nobody can read mail. Start it; its files are shown above if they differ.",
  diff: "",
};

const OTHER_CONFIG: Finding = {
  key: "other-config",
  kind: "other-config",
  severity: "warning",
  sentence:
    "Dovecot runs another configuration than the one that was last applied: somebody reloaded it with other files.",
  diff: "",
};

/** When the daemon loaded what is in force, in milliseconds since 1970; undefined where it runs something else. */
async function loadOf(node: MailNode, inForce: RecordedInForce): Promise<number | undefined> {
  for (const mark of [inForce.mark, inForce.loadedMark]) {
    const load = await node.ports.loadOf(mark);
    // The moment at which its mark was made, in nanoseconds.
    if (load !== undefined) return Number(BigInt(load) / 1_000_000n);
  }
  return undefined;
}

async function mapFindings(node: MailNode): Promise<Finding[]> {
  try {
    node.map.sequence();
    return [];
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    const sentence = `The access map is missing or can't be read, so Dovecot refuses every IMAP and POP3 login: ${error.message}`;
    return [{ key: "access-map", kind: "access-map", severity: "alarm", sentence, diff: "" }];
  }
}

async function fileFindings(
  node: MailNode,
  inForce: RecordedInForce,
  states: readonly FileState[],
): Promise<Finding[]> {
  const findings = states.flatMap((state): Finding[] => {
    const { path } = state;
    const loud =
      path.endsWith(ACCESS_FILE) || PROTOCOLS.some((protocol) => path.endsWith(queryFile(protocol)));
    const base = { severity: loud ? "alarm" : "warning", diff: "" } as const;
    const which = loud
      ? " It is what asks whether an account may sign in: after a reload or restart it would not."
      : "";
    if (state.state === "missing")
      return [{ ...base, key: `removed:${path}`, kind: "removed", sentence: `${path} was removed.${which}` }];
    if (state.state === "other")
      return [
        {
          ...base,
          key: `replaced:${path}`,
          kind: "replaced",
          sentence: `${path} was replaced by a link or a folder.${which}`,
        },
      ];
    if (!state.readable)
      return [
        {
          ...base,
          key: `unreadable:${path}`,
          kind: "unreadable",
          sentence: `${path} can't be read by Dovecot any more.${which}`,
        },
      ];
    return [];
  });
  if (states.some(({ state }) => state === "missing")) return findings;
  const live = await node.ports.readLive().catch(unlessExpected);
  const good = await node.ports.readGood().catch(unlessExpected);
  return [...findings, ...(live ? editedFindings(node, inForce, live, good) : [])];
}

function editedFindings(
  node: MailNode,
  { fileDigests }: RecordedInForce,
  live: FileSet,
  good: FileSet | undefined,
): Finding[] {
  return Object.entries(live)
    .filter(([name, content]) => fileDigests[name] !== node.ports.digest(content))
    .map(([name, content]) => {
      const was = good?.[name];
      const isAsKept = was !== undefined && fileDigests[name] === node.ports.digest(was);
      const loud = name !== "settings.conf";
      return {
        key: `edited:${name}`,
        kind: "edited",
        severity: loud ? "alarm" : "warning",
        sentence: `${name} was edited by hand since it was last applied.${loud ? " It is what asks whether an account may sign in." : ""}`,
        diff: isAsKept ? differenceBetween({ [name]: was }, { [name]: content }, "applied", "found") : "",
      };
    });
}

async function configFindings(
  node: MailNode,
  inForce: RecordedInForce,
  load: number | undefined,
  ours: boolean,
): Promise<Finding[]> {
  let family: Family;
  let config: ConfigTree;
  try {
    ({ family } = await supportedVersion(node.instance));
    config = await readConfig(node.instance, node.instance.configFile);
  } catch (error) {
    if (!(error instanceof MachineFailure || error instanceof UnsupportedServer)) throw error;
    const sentence = `Dovecot goes on with what it has loaded and could not start again: ${error.message}`;
    return [{ key: "config-broken", kind: "config-broken", severity: "alarm", sentence, diff: "" }];
  }
  return [
    ...includeFindings(config, inForce),
    ...lookupFindings(node, config),
    // What our own files don't say any more is told as that, and nobody else overrides it.
    ...(ours ? [] : await overrideFindings(node, inForce, config, family)),
    ...(load === undefined ? [] : await olderFindings(node, load)),
    ...(await certificateFindings(node, config)),
  ];
}

function includeFindings(config: ConfigTree, { mark }: RecordedInForce): Finding[] {
  const { statsSockets } = effectiveOf(config);
  if (statsSockets.some((socket) => socket === mark || socket.startsWith("portcullis-rev-"))) return [];
  const sentence =
    'dovecot.conf doesn\'t include "portcullis/settings.conf" any more: after a reload or restart nothing set here would count, and nobody would be asked whether an account may sign in. Put the line "!include portcullis/settings.conf" back as its last line.';
  return [{ key: "include-missing", kind: "include-missing", severity: "alarm", sentence, diff: "" }];
}

/** Missing data that would let people in: the loudest. */
function lookupFindings(node: MailNode, { changed }: ConfigTree): Finding[] {
  const folder = generatedDir(node.instance);
  const text = JSON.stringify(changed);
  const missing = PROTOCOLS.filter(
    (protocol) =>
      !text.includes(join(folder, queryFile(protocol))) && !text.includes(`portcullis_${protocol}`),
  );
  if (missing.length === 0 || text.includes(join(folder, ACCESS_MAP))) return [];
  const sentence = `The files on disk don't ask the access map for ${missing.map((protocol) => protocol.toUpperCase()).join(" and ")}: after a reload or restart, accounts that are denied or suspended could sign in.`;
  return [{ key: "access-lookup", kind: "access-lookup", severity: "alarm", sentence, diff: "" }];
}

async function overrideFindings(
  node: MailNode,
  { values }: RecordedInForce,
  config: ConfigTree,
  family: Family,
): Promise<Finding[]> {
  const undone = overridden(config, values, { family });
  if (undone.length === 0) return [];
  const setters = await node.ports.whoSets(
    undone.map(({ places, key }) => places[family][0] ?? { block: [], name: key }),
  );
  return undone.flatMap(({ key, label, words, read }, index): Finding[] => {
    const setter = setters[index];
    if (!setter) return [];
    const found = read(config, family);
    const sentence = `${label} is in force as ${words(values[key])}, and the files on disk come to ${found === undefined ? "something else" : words(found)}: ${mend(setter)}`;
    return [{ key: `overridden:${key}`, kind: "overridden", severity: "warning", sentence, diff: "" }];
  });
}

/** Our own files are known by their mark: one that closes a protocol is newer than what is loaded, and all right. */
async function olderFindings(node: MailNode, loadedMs: number): Promise<Finding[]> {
  const folder = generatedDir(node.instance);
  const files = (await configFiles(node.instance)).filter((path) => !path.startsWith(`${folder}/`));
  const newer = (await fileStates(node.instance, files)).filter(({ changedMs }) => changedMs > loadedMs + 1);
  if (newer.length === 0) return [];
  const names = newer.map(({ path }) => path).join(", ");
  const sentence = `Dovecot runs an older configuration than is on disk: ${names} changed since it loaded it. It counts from the next reload on.`;
  return [{ key: "older-config", kind: "older-config", severity: "warning", sentence, diff: "" }];
}

async function certificateFindings(node: MailNode, config: ConfigTree): Promise<Finding[]> {
  const path = certificateFiles(config)?.certificate;
  const end = path ? await certificateEnd(node.instance, path) : undefined;
  if (!end) return [];
  const left = end.getTime() - Date.now();
  if (left > CERTIFICATE_DAYS * DAY_MS) return [];
  const at = tellInstant(end.getTime() / 1000);
  const days = Math.max(0, Math.floor(left / DAY_MS));
  const sentence =
    left <= 0
      ? `The TLS certificate ${path} expired on ${at}: mail programs refuse it.`
      : `The TLS certificate ${path} expires in ${days} ${days === 1 ? "day" : "days"}, on ${at}. Renew it, then reload.`;
  const severity = left <= 0 ? "alarm" : "warning";
  return [{ key: "certificate", kind: "certificate", severity, sentence, diff: "" }];
}

async function portFindings(node: MailNode, { listeners }: RecordedInForce): Promise<Finding[]> {
  const sightings = await node.ports.look(listeners);
  return listeners.flatMap((listener, index): Finding[] => {
    const seen = sightings[index]?.state ?? "failing";
    const wanted = listener.open ? "open" : "closed";
    if (seen === wanted) return [];
    const name = `${listener.protocol.toUpperCase()} on ${listener.address} port ${listener.port}`;
    return [
      {
        key: `ports:${listener.address}:${listener.port}`,
        kind: "ports",
        severity: wanted === "open" ? "alarm" : "warning",
        sentence: `${name} is ${seen} and was ${wanted} when it was last applied.`,
        diff: "",
      },
    ];
  });
}

function unlessExpected(error: unknown): undefined {
  if (!(error instanceof MachineFailure)) throw error;
}
