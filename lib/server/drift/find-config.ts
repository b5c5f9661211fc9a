import { join } from "node:path";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { mend, overridden } from "@/lib/core/apply/overrides";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { ACCESS_MAP, queryFile, writtenFor } from "@/lib/core/dovecot/access-files";
import type { ConfigTree } from "@/lib/core/dovecot/config";
import type { Family } from "@/lib/core/dovecot/version";
import { effectiveOf, readConfig, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { fileStates } from "@/lib/system/dovecot/file-states";
import { configFiles } from "@/lib/system/dovecot/include-tree";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { certificateEnd } from "@/lib/system/tls/certificate";
import { certificateFiles } from "@/lib/system/tls/examine";
import type { RecordedInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { tellInstant } from "../tell-instant";
import type { Finding } from "./finding";

const DAY_MS = 24 * 60 * 60_000;

/**
 * What the whole configuration on disk comes to, by `doveconf`. `loadedMs`: when the daemon loaded what is in force. `ours`:
 * our own files differ, which is told already.
 */
export async function configFindings(
  node: MailNode,
  inForce: RecordedInForce,
  loadedMs: number | undefined,
  ours: boolean,
): Promise<Finding[]> {
  let family: Family;
  let config: ConfigTree;
  try {
    const detected = await supportedVersion(node.instance);
    ({ family } = detected);
    const changed = await versionFindings(node, detected);
    // That the files are broken for it follows from that.
    if (changed.length > 0) return changed;
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
    ...(loadedMs === undefined ? [] : await olderFindings(node, loadedMs)),
    ...(await certificateFindings(node, config)),
  ];
}

async function versionFindings(
  node: MailNode,
  { version, family }: { version: string; family: Family },
): Promise<Finding[]> {
  const live = await node.ports.readLive();
  const from = live && writtenFor(live);
  if (from === undefined || from === family) return [];
  const sentence = `Dovecot ${version} is installed, and the generated files are written for ${from}: it can't start with them. "portcullis dovecot upgrade" shows what it takes, and does it.`;
  return [{ key: "version-changed", kind: "version-changed", severity: "alarm", sentence, diff: "" }];
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
  const { values } = await panelSettings(node.db, "alerts");
  if (left > values.certificateDays * DAY_MS) return [];
  const at = tellInstant(end.getTime() / 1000);
  const days = Math.max(0, Math.floor(left / DAY_MS));
  const sentence =
    left <= 0
      ? `The TLS certificate ${path} expired on ${at}: mail programs refuse it.`
      : `The TLS certificate ${path} expires in ${days} ${days === 1 ? "day" : "days"}, on ${at}. Renew it, then reload.`;
  const severity = left <= 0 ? "alarm" : "warning";
  return [{ key: "certificate", kind: "certificate", severity, sentence, diff: "" }];
}
