import { Command, Option } from "commander";
import type { ApiClient } from "@/lib/api-client/client";
import { SORTS, type Sort } from "@/lib/core/access/filter";
import { domainOf } from "@/lib/core/access/name";
import { PROTOCOLS } from "@/lib/core/access/rules";
import type { AccountJson } from "@/lib/core/api/answers/accounts";
import { withProtocols } from "@/lib/server/accounts/account-facts";
import { accountFacts } from "@/lib/server/accounts/export/facts";
import { accountRows, type ExportRequest, jsonArray } from "@/lib/server/accounts/export/stream";
import { openNode } from "@/lib/server/node";
import { filterLimits } from "@/lib/server/use/filter-limits";
import { note, table, write } from "../output";
import { remotePages } from "../remote/pages";
import { alsoRemote, remotePanel } from "../remote/panel";
import { accountSubjectOf, readNumber } from "../rules/arguments";
import { addFilterOptions, type FilterOptions, filterFrom } from "../rules/filter-options";

export interface ChoiceOptions extends FilterOptions {
  sort: Sort;
  after?: string;
  limit?: string;
}

export function listCommand(): Command {
  return alsoRemote(
    addChoiceOptions(
      new Command("list").description("every account that the filters take, with what is effective for it"),
    )
      .option("--json", "as JSON: an array, an account a line")
      .action(async ({ json, ...options }: ChoiceOptions & { json?: boolean }) => {
        const request = requestFrom(options);
        const api = remotePanel();
        const pages = api ? remoteRows(api, request) : await localRows(request);
        for await (const text of json ? jsonArray(pages, (row) => row) : textTable(pages)) await write(text);
      }),
  );
}

async function localRows(request: ExportRequest): Promise<AsyncGenerator<AccountJson[]>> {
  const node = await openNode();
  const limits = await filterLimits(node.db, request.filter);
  if (limits.length > 0) note(limits);
  const pages = accountRows(node, request);
  return (async function* () {
    for await (const rows of pages) yield rows.map((row) => withProtocols(accountFacts(row)));
  })();
}

function remoteRows(
  api: ApiClient,
  { filter, sort, after, limit }: ExportRequest,
): AsyncGenerator<AccountJson[]> {
  let isFirst = true;
  return remotePages(
    async (part) => {
      // "" are accounts without a domain; nothing after the sign would say nothing.
      const domain = filter.domain === "" ? "@" : filter.domain;
      const answer = await api.listAccounts({ query: { ...filter, domain, sort, ...part } });
      if (isFirst && answer.body.limits) note(answer.body.limits);
      isFirst = false;
      return answer;
    },
    { most: limit, after: after?.address },
  );
}

/** Which accounts, in which order, and from where to where. */
export function addChoiceOptions(command: Command): Command {
  return addFilterOptions(command)
    .addOption(
      new Option("--sort <order>", "a minus before it turns it round").choices(SORTS).default("domain"),
    )
    .option("--limit <number>", "at most so many; all of them without it")
    .option("--after <address>", "only what comes after this account: the last of the part before");
}

/** @throws UsageError for an option that can't be. */
export function requestFrom({ sort, after, limit, ...filters }: ChoiceOptions): ExportRequest {
  const address = after === undefined ? undefined : accountSubjectOf(after);
  return {
    filter: filterFrom(filters),
    sort,
    after: address === undefined ? undefined : { domain: domainOf(address), address },
    limit: limit === undefined ? undefined : readNumber(limit, "--limit"),
  };
}

const HEAD = ["ADDRESS", "IMAP", "POP3", "LAST IMAP", "LAST POP3", "OWN POLICY", "SUSPENDED", "DOVECOT"];
/** So that parts of a long list look alike. */
const ADDRESS_WIDTH = 36;

/** Columns are as wide as a page of the list needs; it is too long to be looked through first. */
async function* textTable(pages: AsyncIterable<readonly AccountJson[]>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const rows of pages) {
    const head = [HEAD[0]?.padEnd(ADDRESS_WIDTH) ?? "", ...HEAD.slice(1)];
    const lines = table([head, ...rows.map(cellsOf)]).map((line) => line.trimEnd());
    yield `${(isFirst ? lines : lines.slice(1)).join("\n")}\n`;
    isFirst = false;
  }
}

function cellsOf({ address, protocols, suspensions, vanishedAt }: AccountJson): string[] {
  const own = PROTOCOLS.flatMap((protocol) => {
    const { override, until } = protocols[protocol];
    return override === "inherit" ? [] : [`${protocol}=${override}${until === null ? "" : " (ends)"}`];
  });
  const contradicted = PROTOCOLS.filter((protocol) => contradicts(protocols[protocol]));
  return [
    `${address}${vanishedAt ? " (vanished)" : ""}`,
    protocols.imap.effective,
    protocols.pop3.effective,
    ...PROTOCOLS.map((protocol) => protocols[protocol].lastUse?.at.slice(0, 10) ?? "-"),
    own.join(" ") || "-",
    suspensions.map(({ level, protocol }) => `${level}:${protocol}`).join(" ") || "-",
    contradicted.length > 0 ? `contradicts ${contradicted.join(", ")}` : "",
  ];
}

function contradicts({ proof }: AccountJson["imap"]): boolean {
  return proof !== null && !proof.matches && (proof.seen === "allow" || proof.seen === "deny");
}
