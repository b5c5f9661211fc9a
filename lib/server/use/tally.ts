import { domainOf } from "@/lib/core/access/name";
import type { Protocol } from "@/lib/core/access/rules";
import { SECURITIES, type Security } from "@/lib/core/use/security";

/** One sign-in, as it is counted. */
export interface Seen {
  /** Folded. */
  address: string;
  protocol: Protocol;
  /** Unix seconds. */
  at: number;
  security: Security;
  tlsVersion: string;
  /** Undefined where it isn't logged or must not be kept. */
  remote: string | undefined;
  byWebmail: boolean;
  /** The process that serves the session. */
  pid: number | undefined;
}

type Counts = Record<Security | "count" | "webmail", number>;

/** Everything that a part of a log adds to what is kept: JSON rows in the order of their tables' columns. */
export interface Tally {
  accounts: unknown[][];
  days: unknown[][];
  hours: unknown[][];
  addresses: unknown[][];
  sessions: unknown[][];
}

export const DAY_S = 86_400;
export const HOUR_S = 3600;

export function tally(all: readonly Seen[]): Tally {
  const accounts = new Map<string, Seen[]>();
  const days = new Map<string, { key: unknown[]; counts: Counts }>();
  const hours = new Map<string, { key: unknown[]; counts: Counts }>();
  const addresses = new Map<string, Seen[]>();
  const sessions = new Map<string, unknown[]>();
  for (const seen of all) {
    const { address, protocol, at, remote, pid, security, tlsVersion } = seen;
    push(accounts, JSON.stringify([protocol, address]), seen);
    count(days, [Math.floor(at / DAY_S), protocol, address], seen);
    count(hours, [Math.floor(at / HOUR_S), protocol], seen);
    // The last one with a number has it now.
    if (pid !== undefined)
      sessions.set(`${pid} ${address}`, [pid, address, protocol, at, security, tlsVersion]);
    if (remote !== undefined) push(addresses, JSON.stringify([address, protocol, remote]), seen);
  }
  return {
    accounts: [...accounts.values()].map(accountRow),
    days: [...days.values()].map(countRow),
    hours: [...hours.values()].map(countRow),
    addresses: [...addresses.values()].map(addressRow),
    sessions: [...sessions.values()],
  };
}

function push(groups: Map<string, Seen[]>, key: string, seen: Seen): void {
  const group = groups.get(key);
  if (group) group.push(seen);
  else groups.set(key, [seen]);
}

function count(groups: Map<string, { key: unknown[]; counts: Counts }>, key: unknown[], seen: Seen): void {
  const text = JSON.stringify(key);
  let group = groups.get(text);
  if (!group) {
    group = {
      key,
      counts: { count: 0, tls: 0, starttls: 0, encrypted: 0, local: 0, cleartext: 0, webmail: 0 },
    };
    groups.set(text, group);
  }
  group.counts.count++;
  group.counts[seen.security]++;
  if (seen.byWebmail) group.counts.webmail++;
}

function countRow({ key, counts }: { key: unknown[]; counts: Counts }): unknown[] {
  return [...key, counts.count, ...SECURITIES.map((security) => counts[security]), counts.webmail];
}

function accountRow(group: readonly Seen[]): unknown[] {
  const last = group.reduce((latest, seen) => (seen.at >= latest.at ? seen : latest));
  const latest = (chosen: readonly Seen[]) =>
    chosen.length === 0 ? null : Math.max(...chosen.map(({ at }) => at));
  return [
    last.protocol,
    last.address,
    domainOf(last.address),
    last.at,
    last.security,
    last.tlsVersion,
    latest(group.filter(({ byWebmail }) => byWebmail)),
    latest(group.filter(({ byWebmail }) => !byWebmail)),
    latest(group.filter(({ security }) => security === "cleartext")),
  ];
}

function addressRow(group: readonly Seen[]): unknown[] {
  const [{ address, protocol, remote } = { address: "", protocol: "", remote: "" }] = group;
  const instants = group.map(({ at }) => at);
  return [address, protocol, remote, Math.min(...instants), Math.max(...instants), group.length];
}
