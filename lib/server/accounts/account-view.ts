import { PROTOCOLS, type Protocol, type Rank } from "@/lib/core/access/rules";
import { subjectsFor } from "@/lib/core/access/subject";
import type { AccountRowView, ChainStepView, HistoryView, OpenSessionsView } from "@/lib/core/access/views";
import { coversSubject } from "@/lib/core/operators/roles";
import { chainView } from "../access/chain-view";
import { historyView } from "../access/history-view";
import { openSessionsView } from "../access/open-sessions";
import type { MailNode } from "../node";
import { type Account, accountAt } from "./account";
import { historyOf } from "./history";
import { rowView } from "./row-view";

/** Everything that an account's page shows. */
export interface AccountView extends AccountRowView {
  known: Account["known"];
  firstSeenAt: string | null;
  chains: Record<Protocol, ChainStepView[]>;
  open: OpenSessionsView[];
  history: HistoryView[];
}

const HISTORY = 30;

/** `address` folded. Undefined for one that is not the operator's: it looks like one that doesn't exist. */
export async function accountView(
  node: MailNode,
  address: string,
  rank: Rank,
): Promise<AccountView | undefined> {
  if (!coversSubject(node.scope, address)) return undefined;
  const [account, open, history] = await Promise.all([
    accountAt(node, address),
    openSessionsView(node, address),
    historyOf(node, subjectsFor(address), HISTORY),
  ]);
  return {
    ...rowView(account, rank),
    known: account.known,
    firstSeenAt: account.firstSeenAt?.toISOString() ?? null,
    chains: Object.fromEntries(
      PROTOCOLS.map((protocol) => [protocol, chainView(account.chains[protocol], rank)]),
    ) as AccountView["chains"],
    open,
    history: history.map(historyView),
  };
}
