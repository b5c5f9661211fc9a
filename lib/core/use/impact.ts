import type { AccountFilter } from "../access/filter";

/** What closing something would do to the people who use it, as the log and the daemon tell. */
export interface Impact {
  /** What is closed: "POP3", "sign-ins without TLS", "TLS older than 1.3". */
  what: string;
  /** "used" and "nothing else" mean within so many days. */
  days: number;
  /** Accounts that would be shut out, or that used what is closed. */
  used: number;
  /** Of those, the accounts that used nothing else; null where that isn't asked. */
  only: number | null;
  /** Accounts of which it can't be told; null where it can of all. */
  unknown: number | null;
  /** The one account that it is about; undefined where it is about many. */
  account?: string;
  /** Connected now by what is closed; null when the daemon can't be asked, or connections stay. */
  connected: { sessions: number; accounts: number } | null;
  /** Among the used ones those that no listing names: the lists don't have them. */
  unlisted: number;
  /** By which the list of accounts shows them. */
  lists: ImpactList[];
  /** What isn't known, a sentence each. */
  limits: string[];
}

export interface ImpactList {
  of: "used" | "only" | "unknown";
  label: string;
  filter: Partial<AccountFilter>;
}

/** The impact in sentences, the same on every page and at the shell. */
export function impactSentences(impact: Impact): string[] {
  const { what, days, used, only, unknown, connected, unlisted } = impact;
  const many = (count: number, one: string, more: string) =>
    `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  const open = connected && many(connected.sessions, "session is open now", "sessions are open now");
  if (impact.account !== undefined) {
    const use = used === 0 ? `It was not seen to use ${what}` : `It used ${what}`;
    return [
      `${use} within ${days} days${only ? ", and nothing else: its owner would call" : ""}.`,
      ...(open === null ? [] : [`${open}.`]),
    ];
  }
  return [
    `${many(used, "account", "accounts")} used ${what} within ${days} days.`,
    ...(only === null ? [] : [`${many(only, "of them uses", "of them use")} nothing else: who would call.`]),
    ...(unknown === null || unknown === 0
      ? []
      : [`Of ${many(unknown, "account", "accounts")} it isn't known.`]),
    ...(connected === null || open === null
      ? []
      : [`${open}, of ${many(connected.accounts, "account", "accounts")}.`]),
    ...(unlisted === 0
      ? []
      : [`${many(unlisted, "of them is", "of them are")} in no listing, and not in the lists here.`]),
  ];
}
