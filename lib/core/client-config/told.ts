import type { Decision } from "../access/decide";
import type { Protocol } from "../access/rules";

/** How a connection is protected: TLS from the first byte, TLS after STARTTLS, or not at all. */
export type Security = "tls" | "starttls" | "none";

/** How the password is proved: as it is (under TLS, where there is one), or by a challenge. */
export type Proof = "cleartext" | "encrypted";

/** Where mail is read, as a mail program is told. */
export interface IncomingServer {
  protocol: Protocol;
  host: string;
  port: number;
  security: Security;
  proof: Proof;
}

/** Where mail is handed in. Portcullis doesn't run it: it is told as it is set. */
export interface OutgoingServer {
  host: string;
  port: number;
  security: Security;
}

/** Everything that a mail program is told of a domain or an account. */
export interface ClientConfig {
  domain: string;
  /** Who runs it, for people. */
  provider: string;
  /** The best first. Never empty. */
  incoming: readonly IncomingServer[];
  outgoing: OutgoingServer | null;
}

/** A port of the mail server, as it is configured and as it was seen. */
export interface Door {
  protocol: string;
  address: string;
  port: number;
  /** TLS from the first byte. */
  tls: boolean;
  /** Wants a PROXY header first: no mail program sends one. */
  haproxy: boolean;
  wanted: "open" | "closed";
  seen: "open" | "closed" | "failing";
}

/** What the server's configuration says of signing in by one protocol. */
export interface LoginFacts {
  /** `ssl` is not `no`. */
  tlsOn: boolean;
  /** A password may cross a connection without TLS. */
  cleartextAllowed: boolean;
  /** `auth_mechanisms`, in lower case. */
  mechanisms: readonly string[];
}

/** What is told of one protocol, or because of what nothing is. */
export interface ToldProtocol {
  protocol: Protocol;
  servers: readonly Omit<IncomingServer, "host">[];
  /** Why it is not told; null where it is. */
  because: string | null;
  /** Ports that are open and not told, a sentence each. */
  notes: readonly string[];
}

/** Works out what mail programs are told of one protocol. `decision` is the domain's or the account's. */
export function toldProtocol(
  protocol: Protocol,
  doors: readonly Door[],
  login: LoginFacts,
  decision: Decision,
): ToldProtocol {
  const nothing = (because: string, notes: readonly string[] = []) => ({
    protocol,
    servers: [],
    because,
    notes,
  });
  const name = protocol.toUpperCase();
  if (decision.effective === "deny") return nothing(decision.because);
  // One that hangs at the moment is told: a program that asks now would else be set up for good with the other protocol.
  const open = doors.filter(
    (door) => door.protocol === protocol && door.wanted === "open" && door.seen !== "closed",
  );
  if (open.length === 0) return nothing(`No port of ${name} is seen open.`);
  const isLocalOnly = doors.every(
    ({ address, wanted, seen }) => isLoopback(address) || wanted === "closed" || seen === "closed",
  );
  const notes: string[] = [];
  const servers = new Map<number, Omit<IncomingServer, "host">>();
  for (const door of open) {
    const security = securityOf(door, login);
    const proof = proofOf(security, login);
    const trouble = troubleWith(door, login, isLocalOnly);
    if (proof && !trouble) servers.set(door.port, { protocol, port: door.port, security, proof });
    else notes.push(`${name} port ${door.port} is not told: ${trouble}.`);
  }
  if (servers.size === 0) return nothing(`No port of ${name} is one that mail programs can use.`, notes);
  return { protocol, servers: [...servers.values()].toSorted(bestFirst), because: null, notes };
}

function troubleWith(door: Door, login: LoginFacts, isLocalOnly: boolean): string | undefined {
  if (door.haproxy) return "it wants a PROXY header, so people come by another port, which isn't known here";
  if (isLoopback(door.address) && !isLocalOnly) return "it is open to programs on this host only";
  if (door.tls && !login.tlsOn) return "TLS is off in the server's configuration";
  const security = securityOf(door, login);
  const proof = proofOf(security, login);
  if (!proof) return "none of its ways to prove a password can be told";
  if (security === "none" && proof === "cleartext" && !login.cleartextAllowed)
    return "it has no TLS, and passwords without TLS are refused";
  return undefined;
}

function securityOf(door: Door, { tlsOn }: LoginFacts): Security {
  return door.tls ? "tls" : tlsOn ? "starttls" : "none";
}

/** As it is, wherever that is let in; CRAM-MD5 is what the formats know besides. */
function proofOf(security: Security, { cleartextAllowed, mechanisms }: LoginFacts): Proof | undefined {
  const offersClear = mechanisms.includes("plain") || mechanisms.includes("login");
  const offersChallenge = mechanisms.includes("cram-md5");
  if (offersClear && (security !== "none" || cleartextAllowed || !offersChallenge)) return "cleartext";
  return offersChallenge ? "encrypted" : undefined;
}

const SECURITIES: readonly Security[] = ["tls", "starttls", "none"];

/** TLS from the first byte before STARTTLS (RFC 8314), then by number. */
function bestFirst(a: Omit<IncomingServer, "host">, b: Omit<IncomingServer, "host">): number {
  return SECURITIES.indexOf(a.security) - SECURITIES.indexOf(b.security) || a.port - b.port;
}

/** Reached from this host only. */
export function isLoopback(address: string): boolean {
  return /^127\.|^\[?::1\]?$|^localhost$/.test(address);
}
