import type { ViewLink } from "@/components/accounts/view-bar";
import type { SortView } from "@/components/ui/sort-link";
import type { AccountFilter } from "@/lib/core/access/filter";
import { filterOf, type ListQuery, listQuery } from "@/lib/core/access/list-query";
import type { AccountRowView } from "@/lib/core/access/views";
import type { SavedView } from "@/lib/server/saved-views";

export function listPath(query: Partial<ListQuery>): string {
  return `/accounts${listQuery.search(query)}`;
}

/** The same accounts in another order begin at the beginning. */
export function sortView(query: ListQuery, by: "address" | "domain"): SortView {
  const { after: _after, before: _before, ...kept } = query;
  const isHere = query.sort.endsWith(by);
  const descends = query.sort.startsWith("-");
  return {
    href: listPath({ ...kept, sort: isHere && !descends ? `-${by}` : by }),
    direction: isHere ? (descends ? "descending" : "ascending") : "none",
  };
}

export function pageLinks(
  query: ListQuery,
  { rows, hasNext, hasPrevious }: { rows: readonly AccountRowView[]; hasNext: boolean; hasPrevious: boolean },
): { next: string | null; previous: string | null } {
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    next: hasNext && last ? listPath({ ...query, before: undefined, after: last.address }) : null,
    previous: hasPrevious && first ? listPath({ ...query, after: undefined, before: first.address }) : null,
  };
}

/** Each narrowing in words, with a link to the list without it. */
export function activeFilters(query: ListQuery): { label: string; href: string }[] {
  const { after: _after, before: _before, ...kept } = query;
  return Object.entries(filterOf(query)).flatMap(([key, value]) => {
    if (value === undefined || value === "")
      return key === "domain" && value === "" ? [without(key, "no domain")] : [];
    return [without(key, words(key as keyof AccountFilter, String(value)))];
  });

  function without(key: string, label: string) {
    return { label, href: listPath({ ...kept, [key]: undefined }) };
  }
}

function words(key: keyof AccountFilter, value: string): string {
  const state = value === "allow" ? "allowed" : "denied";
  switch (key) {
    case "q":
      return `“${value}”`;
    case "domain":
      return `domain ${value}`;
    case "imap":
    case "pop3":
      return `${key.toUpperCase()} ${state}`;
    case "override":
      return value === "any" ? "own rule" : value === "none" ? "no own rule" : `own rule: ${state}`;
    case "suspended":
      return value === "yes" ? "suspended" : "not suspended";
    case "differs":
      return "differs from its domain";
    case "ending":
      return value === "1" ? "a rule ends within a day" : `a rule ends within ${value} days`;
    case "imap-used":
    case "pop3-used":
      return `${protocolIn(key)} used within ${daysWords(value)}`;
    case "imap-unused":
    case "pop3-unused":
      return `${protocolIn(key)} not used for ${daysWords(value)}`;
    case "cleartext":
      return `without TLS within ${daysWords(value)}`;
    case "security":
      return `last protected by: ${value}`;
    case "tls":
      return value === "unknown" ? "TLS version not known" : `last used ${value.replace("v", " ")}`;
    case "only":
      return `uses nothing but ${value.toUpperCase()}`;
    case "proof":
      return "Dovecot contradicts";
    case "note":
      return value === "yes" ? "with a note" : "without a note";
    case "vanished":
      return value === "yes" ? "vanished" : "with vanished ones";
  }
}

function protocolIn(key: string): string {
  return key.slice(0, 4).toUpperCase();
}

function daysWords(days: string): string {
  return days === "1" ? "a day" : `${days} days`;
}

/** What somebody wants to see on most days. */
const COMMON: readonly { name: string; filter: Partial<AccountFilter> }[] = [
  { name: "All", filter: {} },
  { name: "POP3 denied", filter: { pop3: "deny" } },
  { name: "IMAP denied", filter: { imap: "deny" } },
  { name: "Suspended", filter: { suspended: "yes" } },
  { name: "Own rules", filter: { override: "any" } },
  { name: "Differs from its domain", filter: { differs: "yes" } },
  { name: "Ends within 7 days", filter: { ending: 7 } },
  { name: "POP3 on, unused for 90 days", filter: { pop3: "allow", "pop3-unused": 90 } },
  { name: "POP3 on, unused for 180 days", filter: { pop3: "allow", "pop3-unused": 180 } },
  { name: "Without TLS", filter: { cleartext: 30 } },
  { name: "Only POP3 in use", filter: { only: "pop3" } },
  { name: "Contradicted", filter: { proof: "differs" } },
  { name: "With a note", filter: { note: "yes" } },
  { name: "Vanished", filter: { vanished: "yes" } },
];

export function commonViews(query: ListQuery | undefined): ViewLink[] {
  const here = query && listQuery.search(filterOf(query));
  return COMMON.map(({ name, filter }) => {
    const search = listQuery.search(filter);
    return { name, href: `/accounts${search}`, here: here === search };
  });
}

export function ownViews(views: readonly SavedView[], query: ListQuery | undefined) {
  const { after: _after, before: _before, ...kept } = query ?? {};
  const here = query && listQuery.search(kept);
  return views.map(({ id, name, query: saved }) => ({
    id,
    name,
    href: `/accounts${saved}`,
    here: here === saved && saved !== "",
  }));
}
