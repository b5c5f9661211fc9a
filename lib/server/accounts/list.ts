import { type Decision, decide } from "@/lib/core/access/decide";
import { isLive, type Policy, PROTOCOLS, type Protocol, type Suspension } from "@/lib/core/access/rules";
import { LEVELS, type Level } from "@/lib/core/access/subject";
import type { NoteFacts } from "@/lib/core/notes/note";
import { layersOf } from "../access/layers";
import { type KnownProof, proofsOf } from "../access/proofs";
import type { MailNode } from "../node";
import { notesOf } from "../notes/notes";
import { tellInstant } from "../tell-instant";
import { coverageOf } from "../use/coverage";
import { type Uses, usesOf } from "../use/uses-of";
import { type AccountsPage, accountsPage, type PageRequest } from "./query/page";
import type { ListedAccount } from "./query/source";

/** What is effective for one protocol of an account, why, and what the daemon last said of it. */
export interface ProtocolState extends Decision {
  /** The account's own live policy. */
  override: Policy | undefined;
  proof: KnownProof | undefined;
}

/** A suspension, and of whom: the account itself, its domain, or everybody. */
export type PlacedSuspension = Suspension & { level: Level };

export interface AccountRow {
  id: number;
  address: string;
  domain: string;
  /** When a listing first didn't name it any more; null for one that is there. */
  vanishedAt: Date | null;
  protocols: Record<Protocol, ProtocolState>;
  /** Live ones, of the account itself, its domain and everybody. */
  suspensions: PlacedSuspension[];
  uses: Uses;
  /** From when on sign-ins are known, in Unix seconds. */
  usesSince: number | undefined;
  /** Who last changed a rule of the account's own that still stands. */
  lastChange: { actor: string; at: string; reason: string } | undefined;
  /** Beside the account itself, newest first. */
  notes: readonly NoteFacts[];
}

export interface AccountList extends Omit<AccountsPage, "accounts"> {
  rows: AccountRow[];
}

/** A page of accounts with everything that a list shows of them. */
export async function listAccounts(node: MailNode, request: PageRequest): Promise<AccountList> {
  const { accounts, ...rest } = await accountsPage(node, request);
  return { ...rest, rows: await rowsFor(node, accounts) };
}

/** What is true of these accounts now. */
export async function rowsFor(node: MailNode, accounts: readonly ListedAccount[]): Promise<AccountRow[]> {
  const addresses = accounts.map(({ address }) => address);
  const [layers, proofs, uses, { since }, notes] = await Promise.all([
    layersOf(node.db, addresses),
    proofsOf(node, addresses),
    usesOf(node.db, addresses),
    coverageOf(node.db, node.name),
    notesOf(node.db, addresses),
  ]);
  const now = Date.now() / 1000;
  return accounts.map(({ id, address, domain, vanishedAt }) => {
    const own = layers(address);
    const state = (protocol: Protocol): ProtocolState => ({
      ...decide(protocol, own, now, tellInstant),
      override: own.policies.account.find((policy) => policy.protocol === protocol && isLive(policy, now)),
      proof: proofs.get(address)?.[protocol],
    });
    const suspensions = LEVELS.flatMap((level) =>
      own.suspensions[level].filter((one) => isLive(one, now)).map((one) => ({ ...one, level })),
    );
    const changes = [...own.policies.account, ...own.suspensions.account].map(({ by }) => by);
    return {
      id,
      address,
      domain,
      vanishedAt,
      protocols: Object.fromEntries(
        PROTOCOLS.map((protocol) => [protocol, state(protocol)]),
      ) as AccountRow["protocols"],
      suspensions,
      uses: uses.get(address) ?? {},
      usesSince: since,
      lastChange: changes.toSorted((a, b) => b.at.localeCompare(a.at))[0],
      notes: notes.get(address) ?? [],
    };
  });
}
