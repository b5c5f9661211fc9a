import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { UseView } from "@/lib/core/access/views";
import type { Security } from "@/lib/core/use/security";
import type { Database } from "../database/client";

/** How an account was last seen to sign in. Instants in Unix seconds. */
export interface LastUse {
  lastAt: number;
  security: Security;
  tlsVersion: string;
  webmailAt: number | null;
  clientAt: number | null;
  clearAt: number | null;
}

export type Uses = Partial<Record<Protocol, LastUse>>;

export async function usesOf(db: Database, addresses: readonly string[]): Promise<Map<string, Uses>> {
  const rows = await db.accountUse.findMany({
    where: { protocol: { in: [...PROTOCOLS] }, address: { in: [...addresses] } },
  });
  const uses = new Map<string, Uses>();
  for (const { protocol, address, domain: _domain, security, ...use } of rows) {
    const of = uses.get(address) ?? {};
    of[protocol as Protocol] = { ...use, security: security as Security };
    uses.set(address, of);
  }
  return uses;
}

const SECURITY_WORDS: Readonly<Record<Security, string>> = {
  tls: "TLS",
  starttls: "STARTTLS",
  encrypted: "TLS or STARTTLS",
  local: "from this host, without TLS",
  cleartext: "without TLS",
};

export function securityWords({ security, tlsVersion }: Pick<LastUse, "security" | "tlsVersion">): string {
  return tlsVersion === ""
    ? SECURITY_WORDS[security]
    : `${SECURITY_WORDS[security]}, ${tlsVersion.replace("v", " ")}`;
}

/** `since`: from when on sign-ins are known, in Unix seconds. */
export function useView(protocol: Protocol, use: LastUse | undefined, since: number | undefined): UseView {
  if (!use) {
    const known =
      since === undefined
        ? "no data yet"
        : `not seen since ${new Date(since * 1000).toISOString().slice(0, 10)}`;
    return { protocol, lastAt: null, note: "", words: `${protocol.toUpperCase()}: ${known}` };
  }
  const isWebmail = use.clientAt === null;
  const note = use.security === "cleartext" ? "no TLS" : isWebmail ? "webmail only" : "";
  return {
    protocol,
    lastAt: new Date(use.lastAt * 1000).toISOString(),
    note,
    words: `${securityWords(use)}${isWebmail ? "; only by webmail" : ""}`,
  };
}
