import type { DomainQuery } from "@/lib/core/access/domain-query";
import { PROTOCOLS, type Rank } from "@/lib/core/access/rules";
import { EVERYBODY, levelOf, type Subject } from "@/lib/core/access/subject";
import type {
  CountsView,
  DomainRowView,
  HistoryView,
  OpenSessionsView,
  StateView,
  SuspensionView,
} from "@/lib/core/access/views";
import { coversSubject } from "@/lib/core/operators/roles";
import { historyView } from "../access/history-view";
import { openSessionsView } from "../access/open-sessions";
import { stateView, suspensionView } from "../access/rule-views";
import { historyOf } from "../accounts/history";
import type { MailNode, Scoped } from "../node";
import { domainAt } from "./domain";
import { countDomains, type DomainRow, listDomains } from "./list";

/** A domain as the list shows it to somebody of a rank. */
function domainRowView(row: DomainRow, rank: Rank): DomainRowView {
  const { name, counts, protocols, suspensions, lastChange } = row;
  return {
    name,
    counts,
    states: PROTOCOLS.map((protocol) => stateView(protocol, protocols[protocol], protocols[protocol].own)),
    suspensions: suspensions.map((one) => suspensionView({ ...one, level: "domain" }, rank)),
    change: lastChange ?? null,
  };
}

/** Everything that the page of a domain, or of everybody's default, shows. */
export interface RuledView {
  subject: Subject;
  states: StateView[];
  suspensions: SuspensionView[];
  /** Of a domain. */
  counts: CountsView | null;
  open: OpenSessionsView[];
  history: HistoryView[];
}

const HISTORY = 30;

/** Undefined for one that is not the operator's: it looks like one that doesn't exist. */
export async function ruledView(
  node: MailNode,
  subject: Subject,
  rank: Rank,
): Promise<RuledView | undefined> {
  if (!coversSubject(node.scope, subject)) return undefined;
  const subjects = levelOf(subject) === "domain" ? [subject, EVERYBODY] : [EVERYBODY];
  const [{ protocols, suspensions, counts }, open, history] = await Promise.all([
    domainAt(node, subject),
    openSessionsView(node, subject),
    historyOf(node, subjects, HISTORY),
  ]);
  return {
    subject,
    states: PROTOCOLS.map((protocol) => stateView(protocol, protocols[protocol], protocols[protocol].own)),
    suspensions: suspensions.map((one) => suspensionView(one, rank)),
    counts: counts ?? null,
    open,
    history: history.map(historyView),
  };
}

/** What holds for every account without a rule of its own or its domain's. */
export async function everybodyView(scoped: Scoped): Promise<StateView[]> {
  const { protocols } = await domainAt(scoped, EVERYBODY);
  return PROTOCOLS.map((protocol) => stateView(protocol, protocols[protocol], protocols[protocol].own));
}

/** A page of the list of domains as its URL asks for it. */
export async function domainListView(
  scoped: Scoped,
  { q, imap, pop3, rules, ...place }: DomainQuery,
  rank: Rank,
): Promise<{ rows: DomainRowView[]; hasNext: boolean; hasPrevious: boolean; count: number }> {
  const filter = { q, imap, pop3, rules };
  const [{ rows, ...rest }, count] = await Promise.all([
    listDomains(scoped, { filter, ...place }),
    countDomains(scoped, filter),
  ]);
  return { ...rest, count, rows: rows.map((row) => domainRowView(row, rank)) };
}
