import { type DnsRecord, NOT_OFFERED, recordData } from "./records";

/** What a resolver answered about one record. Targets without the last dot; "." stays. */
export type DnsAnswer =
  | { kind: "srv"; found: readonly { priority: number; weight: number; port: number; target: string }[] }
  | { kind: "cname"; found: readonly string[] }
  /** There is no CNAME, and the name has addresses of its own. */
  | { kind: "addresses"; found: readonly string[] }
  | { kind: "none" }
  /** It could not be asked, or failed; the sentence says how. */
  | { kind: "failed"; sentence: string };

/** How what DNS says compares with what is to be published. */
export interface Published {
  state: "as-told" | "differs" | "missing" | "unknown";
  sentence: string;
}

export function publishedState(record: DnsRecord, answer: DnsAnswer): Published {
  if (answer.kind === "failed") return { state: "unknown", sentence: answer.sentence };
  if (answer.kind === "none") return { state: "missing", sentence: missingSentence(record) };
  if (answer.kind === "addresses")
    return {
      state: "differs",
      sentence: `DNS has addresses of its own there, ${answer.found.join(", ")}: fine if they are ${record.target}'s.`,
    };
  const found = answer.found.map((one) => (typeof one === "string" ? `${one}.` : srvWords(one)));
  const wanted = recordData(record).toLowerCase();
  if (found.length === 1 && found[0]?.toLowerCase() === wanted)
    return { state: "as-told", sentence: "DNS says so." };
  return { state: "differs", sentence: differsSentence(record, answer, found) };
}

function missingSentence(record: DnsRecord): string {
  return record.target === NOT_OFFERED
    ? "DNS has no such record: programs may guess that it is offered."
    : "DNS has no such record.";
}

function differsSentence(record: DnsRecord, answer: DnsAnswer, found: readonly string[]): string {
  const isClosed = record.target === NOT_OFFERED && answer.kind === "srv";
  const leads = isClosed && answer.found.some(({ target }) => target !== NOT_OFFERED);
  const words = `DNS still has ${found.join(" and ")} there`;
  return leads ? `${words}: it leads programs to what is not offered.` : `${words}.`;
}

function srvWords({
  priority,
  weight,
  port,
  target,
}: Record<"priority" | "weight" | "port", number> & { target: string }) {
  return `${priority} ${weight} ${port} ${target === NOT_OFFERED ? target : `${target}.`}`;
}
