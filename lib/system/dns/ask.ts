import { Resolver } from "node:dns/promises";
import type { DnsAnswer } from "@/lib/core/client-config/published";
import { type DnsRecord, NOT_OFFERED } from "@/lib/core/client-config/records";
import { errorCode } from "../files";

/** A resolver answers in milliseconds; one that doesn't is asked once more and then given up. */
const TIMEOUT_MS = 2000;
const TRIES = 2;

/** What a resolver says of each record, in their order. `server` is its address, with a port if that isn't 53. */
export async function askDns(server: string, records: readonly DnsRecord[]): Promise<DnsAnswer[]> {
  const resolver = resolverAt(server);
  return await Promise.all(records.map((record) => answerFor(resolver, server, record)));
}

/** The addresses of a host, or what went wrong. */
export async function askAddresses(server: string, host: string): Promise<DnsAnswer> {
  return await guarded(server, () => addressesOf(resolverAt(server), host));
}

function resolverAt(server: string): Resolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  resolver.setServers([server]);
  return resolver;
}

async function answerFor(resolver: Resolver, server: string, record: DnsRecord): Promise<DnsAnswer> {
  return await guarded(server, async () => {
    if (record.type === "SRV") {
      const found = await orNone(resolver.resolveSrv(record.name));
      if (found.length === 0) return { kind: "none" };
      return {
        kind: "srv",
        found: found.map(({ priority, weight, port, name }) => ({
          priority,
          weight,
          port,
          target: plainName(name),
        })),
      };
    }
    const found = await orNone(resolver.resolveCname(record.name));
    if (found.length > 0) return { kind: "cname", found: found.map(plainName) };
    return await addressesOf(resolver, record.name);
  });
}

async function addressesOf(resolver: Resolver, host: string): Promise<DnsAnswer> {
  const [v4, v6] = await Promise.all([orNone(resolver.resolve4(host)), orNone(resolver.resolve6(host))]);
  const found = [...v4, ...v6];
  return found.length === 0 ? { kind: "none" } : { kind: "addresses", found };
}

/** c-ares says "" for the root. */
function plainName(name: string): string {
  return name.replace(/\.$/, "") || NOT_OFFERED;
}

/** That there is nothing is an answer. */
async function orNone<T>(asking: Promise<T[]>): Promise<T[]> {
  try {
    return await asking;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ETIMEOUT: "did not answer in time",
  ECONNREFUSED: "refuses questions",
  ESERVFAIL: "failed at it",
  EREFUSED: "refuses to answer this",
  EFORMERR: "does not understand the question",
  EBADRESP: "answered something that can't be read",
  ENOTIMP: "can't answer such a question",
};

async function guarded(server: string, ask: () => Promise<DnsAnswer>): Promise<DnsAnswer> {
  try {
    return await ask();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { kind: "failed", sentence: `The resolver ${server} ${REASONS[code] ?? `failed (${code})`}.` };
  }
}
