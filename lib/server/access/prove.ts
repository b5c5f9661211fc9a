import { decide } from "@/lib/core/access/decide";
import { canBeLookedUp } from "@/lib/core/access/posture";
import { PROTOCOLS, type Protocol, type State } from "@/lib/core/access/rules";
import type { SeenLogin } from "@/lib/core/dovecot/auth-lookup";
import { lookUpLogins } from "@/lib/system/dovecot/auth-lookup";
import { readSiteConfig } from "@/lib/system/dovecot/site-config";
import { clearAlarm, raiseAlarm } from "../alarms";
import type { MailNode } from "../node";
import { tellInstant } from "../tell-instant";
import { closedPorts } from "./closed-ports";
import { layersOf } from "./layers";
import { movementOf } from "./movement";

/** What the daemon answered about one account and protocol, beside what the settings come to. */
export interface ProofResult {
  address: string;
  protocol: Protocol;
  effective: State;
  seen: SeenLogin["state"];
  /** How it was seen: the daemon was asked about the login, or its ports refuse connections. */
  by: "lookup" | "closed-port";
  at: Date;
  /** Seen and effective contradict one another. */
  differs: boolean;
}

/**
 * Asks the daemon about logins of these accounts and writes down what it answers. A contradiction raises an alarm, and
 * clears it once it is seen to be over.
 * @throws MachineFailure when the daemon can't be asked.
 */
export async function prove(
  node: MailNode,
  addresses: readonly string[],
  protocols: readonly Protocol[] = PROTOCOLS,
): Promise<ProofResult[]> {
  if (addresses.length === 0) return [];
  const results = await settledAnswers(node, () => ask(node, addresses, protocols));
  await record(node, results);
  return results;
}

/** A save may take seconds to be in force, a rule a moment. */
const LOOKS = 3;
const LOOK_AGAIN_MS = 200;

/** A contradiction counts where nothing moved meanwhile; what still moves is not known. */
async function settledAnswers(node: MailNode, askNow: () => Promise<ProofResult[]>): Promise<ProofResult[]> {
  // Seldom does anything differ, so what moves is looked up only then.
  let results = await askNow();
  for (let look = 1; results.some(({ differs }) => differs); look++) {
    if (look > 1) await node.ports.wait(LOOK_AGAIN_MS);
    const before = await movementOf(node);
    results = await askNow();
    const after = await movementOf(node);
    const isLast = look === LOOKS;
    // Rules that stay behind are a failure to tell; a save is told by its own outcome.
    if (before.mark === after.mark && !before.settings && (!before.rules || isLast)) return results;
    if (isLast)
      return results.map((result) =>
        result.differs ? { ...result, seen: "unknown", differs: false } : result,
      );
  }
  return results;
}

async function ask(
  node: MailNode,
  addresses: readonly string[],
  protocols: readonly Protocol[],
): Promise<ProofResult[]> {
  const results: ProofResult[] = [];
  const closed = await closedPorts(node);
  for (const protocol of protocols) {
    // Before the rules are read: a rule that ends in between would seem a contradiction.
    const seen = closed.has(protocol) ? undefined : await lookUp(node, protocol, addresses);
    const layers = await layersOf(node.db, addresses);
    const at = new Date();
    for (const address of addresses) {
      const { effective } = decide(protocol, layers(address), at.getTime() / 1000, tellInstant);
      const state = seen === undefined ? "deny" : (seen.get(address)?.state ?? "unknown");
      results.push({
        address,
        protocol,
        effective,
        seen: state,
        by: seen === undefined ? "closed-port" : "lookup",
        at,
        differs: (state === "allow" || state === "deny") && state !== effective,
      });
    }
  }
  return results;
}

/** Whom Dovecot doesn't find may be there all the same, where a passdb says nothing without a password. */
async function lookUp(
  node: MailNode,
  protocol: Protocol,
  addresses: readonly string[],
): Promise<Map<string, SeenLogin>> {
  const seen = await lookUpLogins(node.instance, protocol, addresses);
  const isMissing = ({ state }: SeenLogin) => state === "no-such-user";
  if (![...seen.values()].some(isMissing) || canBeLookedUp(await readSiteConfig(node.instance))) return seen;
  return new Map(
    [...seen].map(([name, login]) => [name, isMissing(login) ? { ...login, state: "unknown" } : login]),
  );
}

async function record(node: MailNode, results: readonly ProofResult[]): Promise<void> {
  const told = results.filter(({ seen }) => seen !== "unknown");
  const rows = told.map(({ address, protocol, seen, by, differs }) => [
    address,
    protocol,
    seen,
    by,
    differs ? 1 : 0,
  ]);
  await node.db.$executeRaw`
    INSERT INTO "Proof" ("node", "address", "protocol", "seen", "by", "differs", "at")
    SELECT ${node.name}, j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, ${new Date().toISOString()}
    FROM json_each(${JSON.stringify(rows)}) j WHERE true
    ON CONFLICT ("node", "address", "protocol") DO UPDATE SET
      "seen" = excluded."seen", "by" = excluded."by", "differs" = excluded."differs", "at" = excluded."at"`;
  const wrong = told.filter(({ differs }) => differs);
  for (const result of wrong) await raiseAlarm(node.db, alarmKey(result), mismatchSentence(result));
  const right = new Set(told.filter(({ differs }) => !differs).map(alarmKey));
  for (const { key } of await openMismatches(node)) if (right.has(key)) await clearAlarm(node.db, key);
}

const PREFIX = "access-mismatch";

function alarmKey({ protocol, address }: Pick<ProofResult, "protocol" | "address">): string {
  return `${PREFIX} ${protocol} ${address}`;
}

async function openMismatches(node: MailNode): Promise<{ key: string }[]> {
  return await node.db.alarm.findMany({
    where: { clearedAt: null, key: { startsWith: PREFIX } },
    select: { key: true },
  });
}

function mismatchSentence({ protocol, address, effective }: ProofResult): string {
  const name = protocol.toUpperCase();
  return effective === "deny"
    ? `${name} is denied for ${address}, and Dovecot would let it in.`
    : `${name} is allowed for ${address}, and Dovecot would refuse it.`;
}
