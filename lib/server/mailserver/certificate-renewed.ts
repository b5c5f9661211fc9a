import { readdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { certificateSentence } from "@/lib/core/apply/tls-facts";
import type { Listener } from "@/lib/core/dovecot/effective";
import { effectiveOf, readConfig } from "@/lib/system/dovecot/doveconf";
import { type DovecotInstance, outside } from "@/lib/system/dovecot/instance";
import { openSessions } from "@/lib/system/dovecot/sessions";
import { lookAtCertificate } from "@/lib/system/probe/look";
import { certificateProblems } from "@/lib/system/tls/certificate";
import { certificateFacts } from "@/lib/system/tls/chain";
import { certificateFiles } from "@/lib/system/tls/examine";
import { audit } from "../audit";
import { findDrift } from "../drift/find";
import type { Finding } from "../drift/finding";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { whileAlone } from "./apply";
import { freezeNow, frozenProblem } from "./freeze";
import { readInForce } from "./in-force";
import type { Actor } from "./revisions";

/** Login processes of before may serve the connections that they have; new ones come with the reload. */
const SEEN_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 250;

/** What a reload would bring into force besides the certificate. */
const IN_THE_WAY: readonly Finding["kind"][] = [
  "edited",
  "removed",
  "unreadable",
  "replaced",
  "include-missing",
  "config-broken",
  "access-lookup",
  "access-map",
  "daemon-down",
];

export interface CertificateRenewed {
  /** As Dovecot sees it. */
  path: string;
  endsAt: Date;
  /** SHA-256. */
  fingerprint: string;
  /** Open when it was reloaded, by protocol; null where the daemon could not be asked. */
  sessions: Record<string, number> | null;
  /** The reload ends them after some seconds. */
  sessionsEnd: boolean;
  ports: Port[];
}

interface Port {
  protocol: string;
  address: string;
  port: number;
  /** It shows this certificate; null where it doesn't speak TLS. */
  shows: boolean | null;
}

export type RenewalOutcome =
  /** Dovecot uses another certificate than the one that was renewed. */
  | { kind: "another"; path: string }
  /** Nothing was done. */
  | { kind: "rejected"; problems: string[] }
  /** Every port shows it already: no reload was needed. */
  | ({ kind: "unchanged" } & CertificateRenewed)
  | ({ kind: "served" } & CertificateRenewed)
  /** Reloaded, and not seen on every port that should show it. */
  | ({ kind: "not-served"; reason: string } & CertificateRenewed);

interface RenewalRequest {
  actor: Actor;
  /** The folder of the certificate that was renewed, as certbot names it; whatever Dovecot uses where it isn't named. */
  lineage: string | undefined;
  duringFreeze: boolean;
}

/**
 * Has Dovecot take a renewed certificate: checked first, one reload, and seen by a TLS handshake on every port. Nothing
 * else comes into force by it: what somebody edited meanwhile is a reason to refuse.
 */
export async function certificateRenewed(node: MailNode, request: RenewalRequest): Promise<RenewalOutcome> {
  return await whileAlone(node, request.actor, "taking a renewed certificate", async () => {
    const outcome = await renew(node, request);
    if (outcome.kind !== "another" && outcome.kind !== "unchanged") await write(node, request.actor, outcome);
    return outcome;
  });
}

async function renew(node: MailNode, { lineage, duringFreeze }: RenewalRequest): Promise<RenewalOutcome> {
  const { instance, ports } = node;
  const config = await readConfig(instance, instance.configFile);
  const files = certificateFiles(config);
  if (!files) return { kind: "rejected", problems: ["TLS is off (ssl = no): Dovecot uses no certificate."] };
  const path = files.certificate;
  if (lineage !== undefined && !(await isOf(instance, path, lineage))) return { kind: "another", path };
  const problems = (await certificateProblems(instance, files)).map(certificateSentence);
  if (problems.length > 0) return { kind: "rejected", problems };
  const { fingerprint, endsAt } = await certificateFacts(instance, path);
  const { listeners, shutdownClients } = effectiveOf(config);
  const open = listeners.filter((listener) => listener.open && !listener.haproxy);
  const before = await seenAt(open, fingerprint);
  const facts = {
    path,
    endsAt,
    fingerprint,
    sessions: await countOf(instance),
    sessionsEnd: shutdownClients,
  };
  if (before.every(({ shows }) => shows !== false)) return { kind: "unchanged", ...facts, ports: before };
  const inTheWay = await whatElse(node, duringFreeze);
  if (inTheWay.length > 0) return { kind: "rejected", problems: inTheWay };
  const answer = await ports.reload();
  if (!answer.ok) return { kind: "not-served", reason: answer.message, ...facts, ports: before };
  const after = await untilShown(node, open, fingerprint);
  await noteLoaded(node);
  const silent = after.filter(
    ({ shows }, index) => shows === false || (shows === null && before[index]?.shows !== null),
  );
  if (silent.length === 0) return { kind: "served", ...facts, ports: after };
  const names = silent.map(({ protocol, port }) => `${protocol.toUpperCase()} on port ${port}`).join(", ");
  return { kind: "not-served", reason: `${names} doesn't show the new certificate.`, ...facts, ports: after };
}

/** Whether the certificate that Dovecot reads lies in this folder, or is one that a file of it leads to. */
async function isOf(instance: DovecotInstance, path: string, lineage: string): Promise<boolean> {
  const file = outside(instance, path);
  if (dirname(file) === resolve(lineage)) return true;
  const real = await realpath(file).catch(() => undefined);
  const names = await readdir(lineage).catch(() => []);
  const others = await Promise.all(names.map((name) => realpath(join(lineage, name)).catch(() => undefined)));
  return real !== undefined && others.includes(real);
}

async function whatElse(node: MailNode, duringFreeze: boolean): Promise<string[]> {
  const freeze = duringFreeze ? undefined : await freezeNow(node.db);
  const drift = (await findDrift(node)).filter(({ kind }) => IN_THE_WAY.includes(kind));
  return [
    ...(freeze ? [frozenProblem(freeze).message] : []),
    ...drift.map(({ sentence }) => `A reload would bring more into force than the certificate: ${sentence}`),
  ];
}

async function seenAt(listeners: readonly Listener[], fingerprint: string): Promise<Port[]> {
  const looks = await Promise.all(listeners.map(lookAtCertificate));
  return listeners.map(({ protocol, address, port }, index) => {
    const shown = looks[index]?.fingerprint;
    return { protocol, address, port, shows: shown === undefined ? null : shown === fingerprint };
  });
}

async function untilShown(
  { ports }: MailNode,
  listeners: readonly Listener[],
  fingerprint: string,
): Promise<Port[]> {
  const deadline = ports.now() + SEEN_WITHIN_MS;
  for (;;) {
    const seen = await seenAt(listeners, fingerprint);
    // At least one that shows it: while the daemon loads, nobody may answer.
    const isShown = seen.some(({ shows }) => shows === true) && seen.every(({ shows }) => shows !== false);
    if (isShown || ports.now() >= deadline) return seen;
    await ports.wait(LOOK_AGAIN_MS);
  }
}

/** A protocol that was closed without a reload left an older mark loaded; now it is the file's own. */
async function noteLoaded(node: MailNode): Promise<void> {
  const inForce = await readInForce(node);
  if (!inForce || (await node.ports.loadOf(inForce.mark)) === undefined) return;
  await node.db.inForce.update({ where: { node: node.name }, data: { loadedMark: inForce.mark } });
}

async function countOf(instance: DovecotInstance): Promise<Record<string, number> | null> {
  const sessions = await openSessions(instance);
  if (!sessions) return null;
  const counts: Record<string, number> = {};
  for (const { protocol } of sessions) counts[protocol] = (counts[protocol] ?? 0) + 1;
  return counts;
}

async function write(
  { db }: MailNode,
  actor: Actor,
  outcome: Exclude<RenewalOutcome, { kind: "another" | "unchanged" }>,
): Promise<void> {
  const isRejected = outcome.kind === "rejected";
  await audit(db, {
    actor,
    action: "certificate.renewed",
    outcome: outcome.kind,
    subject: isRejected ? "" : outcome.path,
    sentences: isRejected ? outcome.problems : sentencesOf(outcome),
    probes: isRejected ? [] : outcome.ports.map(portSentence),
  });
}

/** What came of a reload, for the audit and at a shell. */
export function sentencesOf(outcome: Extract<RenewalOutcome, CertificateRenewed>): string[] {
  const { path, endsAt, fingerprint, sessions, sessionsEnd } = outcome;
  const which = `The certificate ${path}, good until ${tellInstant(endsAt.getTime() / 1000)} (SHA-256 ${fingerprint.slice(0, 23)}…)`;
  if (outcome.kind === "unchanged") return [`${which} is shown on every port already; nothing was reloaded.`];
  const count = Object.values(sessions ?? {}).reduce((sum, one) => sum + one, 0);
  const people = `${count} session(s) were open${count > 0 && sessionsEnd ? "; a reload ends them within seconds, and mail programs come back" : ""}.`;
  return outcome.kind === "served"
    ? [`${which} is in force, seen by a TLS handshake.`, people]
    : [`${which} is not in force: ${outcome.reason}`, people];
}

export function portSentence({ protocol, address, port, shows }: Port): string {
  const where = `${protocol.toUpperCase()} on ${address} port ${port}`;
  if (shows === null) return `${where} shows no certificate.`;
  return `${where} shows ${shows ? "it" : "another one"}.`;
}
