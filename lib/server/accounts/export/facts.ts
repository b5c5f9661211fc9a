import type { Layer } from "@/lib/core/access/decide";
import type { WantedState } from "@/lib/core/access/edits";
import { PROTOCOLS, type Protocol, type Rank, type State } from "@/lib/core/access/rules";
import type { Level } from "@/lib/core/access/subject";
import type { NoteFacts } from "@/lib/core/notes/note";
import type { Security } from "@/lib/core/use/security";
import type { KnownProof } from "../../access/proofs";
import type { LastUse } from "../../use/uses-of";
import type { AccountRow, PlacedSuspension, ProtocolState } from "../list";

/** An account as files and scripts get it: names and types are a promise (docs/cli.md). Instants are ISO 8601 in UTC. */
export interface AccountFacts extends Record<Protocol, ProtocolFacts> {
  address: string;
  domain: string;
  vanishedAt: string | null;
  suspensions: SuspensionFacts[];
  lastChange: { actor: string; at: string; reason: string } | null;
  /** Its notes, newest first; `notes` are what a change has to say. */
  annotations: NoteFacts[];
}

interface ProtocolFacts {
  effective: State;
  because: string;
  /** Which layer decides. */
  layer: Layer;
  /** The account's own policy, and when it ends. */
  override: WantedState;
  until: string | null;
  proof: ProofFacts | null;
  /** The last sign-in that the log told of; null when it told of none. */
  lastUse: UseFacts | null;
}

export interface UseFacts {
  at: string;
  security: Security;
  /** For instance TLSv1.3; empty where it isn't known. */
  tlsVersion: string;
  /** The last one by webmail, by anything else, and over a network without TLS. */
  webmailAt: string | null;
  clientAt: string | null;
  cleartextAt: string | null;
}

/** What the daemon answered when it was last asked. */
export interface ProofFacts {
  seen: KnownProof["seen"];
  /** It is what was effective then. */
  matches: boolean;
  at: string;
  by: KnownProof["by"];
}

export interface SuspensionFacts {
  id: number;
  level: Level;
  protocol: Protocol | "all";
  rank: Rank;
  reason: string;
  ticket: string;
  until: string | null;
  actor: string;
  at: string;
}

export function accountFacts(row: AccountRow): AccountFacts {
  const { address, domain, vanishedAt, protocols, suspensions, lastChange, notes, uses } = row;
  return {
    address,
    domain,
    vanishedAt: vanishedAt?.toISOString() ?? null,
    ...(Object.fromEntries(
      PROTOCOLS.map((protocol) => [protocol, protocolFacts(protocols[protocol], uses[protocol])]),
    ) as Record<Protocol, ProtocolFacts>),
    suspensions: suspensions.map(suspensionFacts),
    lastChange: lastChange ?? null,
    annotations: [...notes],
  };
}

function protocolFacts(
  { effective, because, layer, override, proof }: ProtocolState,
  use: LastUse | undefined,
): ProtocolFacts {
  return {
    effective,
    because,
    layer,
    override: override?.state ?? "inherit",
    until: isoOf(override?.until ?? null),
    proof: proof ? proofFacts(proof) : null,
    lastUse: use ? useFacts(use) : null,
  };
}

function useFacts({ lastAt, security, tlsVersion, webmailAt, clientAt, clearAt }: LastUse): UseFacts {
  return {
    at: isoOf(lastAt) ?? "",
    security,
    tlsVersion,
    webmailAt: isoOf(webmailAt),
    clientAt: isoOf(clientAt),
    cleartextAt: isoOf(clearAt),
  };
}

export function proofFacts({ seen, differs, at, by }: KnownProof): ProofFacts {
  return { seen, matches: (seen === "allow" || seen === "deny") && !differs, at: at.toISOString(), by };
}

export function suspensionFacts({ by, until, ...one }: PlacedSuspension): SuspensionFacts {
  const { id, level, protocol, rank, reason, ticket } = one;
  return { id, level, protocol, rank, reason, ticket, until: isoOf(until), actor: by.actor, at: by.at };
}

/** For instance `2026-11-27T18:00:00Z`; rules end at whole seconds. */
export function isoOf(unixSeconds: number | null): string | null {
  return unixSeconds === null ? null : new Date(unixSeconds * 1000).toISOString().replace(".000Z", "Z");
}
