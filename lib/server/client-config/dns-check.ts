import { type Published, publishedState } from "@/lib/core/client-config/published";
import type { DnsRecord } from "@/lib/core/client-config/records";
import { askAddresses, askDns } from "@/lib/system/dns/ask";

/** What DNS says now of what is to be published. */
export interface DnsCheck {
  /** Who was asked. */
  resolver: string;
  checkedAt: Date;
  /** In the order of the records. */
  records: readonly Published[];
  /** Whether the mail server's name leads anywhere. */
  host: (Published & { name: string }) | null;
}

/** Asks the resolver that is set, and nobody else. */
export async function checkDns(
  resolver: string,
  records: readonly DnsRecord[],
  host: string | undefined,
): Promise<DnsCheck> {
  const [answers, addresses] = await Promise.all([
    askDns(resolver, records),
    host === undefined ? undefined : askAddresses(resolver, host),
  ]);
  return {
    resolver,
    checkedAt: new Date(),
    records: records.map((record, index) =>
      publishedState(record, answers[index] ?? { kind: "failed", sentence: "It was not asked." }),
    ),
    host: host !== undefined && addresses ? { name: host, ...hostState(addresses) } : null,
  };
}

function hostState(answer: Awaited<ReturnType<typeof askAddresses>>): Published {
  if (answer.kind === "addresses")
    return { state: "as-told", sentence: `DNS has ${answer.found.join(", ")}.` };
  if (answer.kind === "failed") return { state: "unknown", sentence: answer.sentence };
  return { state: "missing", sentence: "DNS has no address for it: programs can't reach it." };
}
