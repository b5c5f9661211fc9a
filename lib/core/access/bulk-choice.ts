import type { BulkAct } from "./bulk";
import type { Protocol, Rank } from "./rules";

const WHICH = [
  { key: "pop3", words: "POP3" },
  { key: "imap", words: "IMAP" },
  { key: "all", words: "IMAP and POP3" },
] as const;

const VERBS = [
  { key: "deny", label: "Deny" },
  { key: "allow", label: "Allow" },
  { key: "inherit", label: "Inherit" },
  { key: "suspend", label: "Suspend for" },
  { key: "resume", label: "Resume from suspensions of" },
] as const;

type Verb = (typeof VERBS)[number]["key"];
type Which = (typeof WHICH)[number]["key"];

/** An act upon many, by one word that fits a URL: `deny-pop3`, `suspend-all`. */
export type BulkChoice = `${Verb}-${Which}`;

/** What can be chosen, in the order of a list. */
export const BULK_CHOICES: readonly { value: BulkChoice; label: string }[] = VERBS.flatMap((verb) =>
  WHICH.map((which) => ({
    value: `${verb.key}-${which.key}` as const,
    label: `${verb.label} ${which.words}`,
  })),
);

/** What goes with a choice; each act takes of it what it has a use for. `until` in Unix seconds. */
export interface ActDetails {
  until: number | null;
  /** The actor's own rank: what stands above it isn't lifted. */
  rank: Rank;
  /** Who may lift a suspension. */
  mayResume: Rank;
  reason: string;
  ticket: string;
}

export function actOf(choice: BulkChoice, { until, rank, mayResume, reason, ticket }: ActDetails): BulkAct {
  const [verb, which] = choice.split("-") as [Verb, Which];
  if (verb === "suspend") return { kind: "suspend", protocol: which, rank: mayResume, reason, ticket, until };
  if (verb === "resume") return { kind: "resume", protocol: which, rank };
  const protocols: Protocol[] = which === "all" ? ["imap", "pop3"] : [which];
  return { kind: "policy", protocols, state: verb, until: verb === "inherit" ? null : until };
}
