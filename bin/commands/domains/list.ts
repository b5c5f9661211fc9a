import { Command, Option } from "commander";
import type { DomainFilter } from "@/lib/core/access/domain-query";
import { foldName } from "@/lib/core/access/name";
import type { DomainJson } from "@/lib/core/api/answers/domains";
import { jsonArray } from "@/lib/server/accounts/export/stream";
import { domainRowFacts } from "@/lib/server/domains/domain-facts";
import { listDomains } from "@/lib/server/domains/list";
import type { MailNode } from "@/lib/server/node";
import { openNode } from "@/lib/server/node";
import { table, write } from "../output";
import { remotePages } from "../remote/pages";
import { alsoRemote, remotePanel } from "../remote/panel";
import { domainSubjectOf, readNumber } from "../rules/arguments";

interface ListOptions extends Omit<DomainFilter, "q"> {
  q?: string;
  after?: string;
  limit?: string;
  json?: boolean;
}

const STATES = ["allow", "deny"];

export function listCommand(): Command {
  return alsoRemote(
    new Command("list")
      .description(
        "every domain with accounts or rules, and what an account there without a rule of its own has",
      )
      .option("--q <text>", "any part of the name")
      .addOption(new Option("--imap <state>", "effective for IMAP").choices(STATES))
      .addOption(new Option("--pop3 <state>", "effective for POP3").choices(STATES))
      .addOption(
        new Option("--rules [yes|no]", "with a rule or suspension of its own")
          .choices(["yes", "no"])
          .preset("yes"),
      )
      .option("--limit <number>", "at most so many; all of them without it")
      .option("--after <domain>", "only what comes after this domain")
      .option("--json", "as JSON: an array, a domain a line")
      .action(async ({ q = "", after, limit, json, ...rest }: ListOptions) => {
        const filter = { q: foldName(q.trim()), ...rest };
        const from = after === undefined ? undefined : domainSubjectOf(after).replace(/^@/, "");
        const most = limit === undefined ? Infinity : readNumber(limit, "--limit");
        const api = remotePanel();
        const pages = api
          ? remotePages((part) => api.listDomains({ query: { ...filter, ...part } }), { most, after: from })
          : domainPages(await openNode(), filter, from, most);
        for await (const text of json ? jsonArray(pages, (row) => row) : textTable(pages)) await write(text);
      }),
  );
}

const PAGE = 500;

async function* domainPages(
  scoped: MailNode,
  filter: DomainFilter,
  from: string | undefined,
  most: number,
): AsyncGenerator<DomainJson[]> {
  let after = from;
  for (let left = most; left > 0; ) {
    const { rows, hasNext } = await listDomains(scoped, { filter, after, limit: Math.min(PAGE, left) });
    if (rows.length > 0) yield rows.map(domainRowFacts);
    if (!hasNext) return;
    after = rows.at(-1)?.name;
    left -= rows.length;
  }
}

const HEAD = ["ACCOUNTS", "IMAP", "POP3", "OWN POLICY", "SUSPENDED", "EXCEPTIONS"];
const NAME_WIDTH = 28;

async function* textTable(pages: AsyncIterable<readonly DomainJson[]>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const rows of pages) {
    const lines = table([["DOMAIN".padEnd(NAME_WIDTH), ...HEAD], ...rows.map(cellsOf)]);
    yield `${(isFirst ? lines : lines.slice(1)).join("\n")}\n`;
    isFirst = false;
  }
}

function cellsOf({ domain, accounts, exceptions, protocols, suspensions }: DomainJson): string[] {
  const own = (["imap", "pop3"] as const).flatMap((protocol) => {
    const { policy, until } = protocols[protocol];
    return policy === "inherit" ? [] : [`${protocol}=${policy}${until === null ? "" : " (ends)"}`];
  });
  return [
    domain || "@",
    String(accounts),
    protocols.imap.effective,
    protocols.pop3.effective,
    own.join(" ") || "-",
    suspensions.map(({ protocol }) => protocol).join(" ") || "-",
    String(exceptions),
  ];
}
