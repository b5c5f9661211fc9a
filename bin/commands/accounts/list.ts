import { Command, Option } from "commander";
import { SORTS, type Sort } from "@/lib/core/access/filter";
import { domainOf } from "@/lib/core/access/name";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { withProtocols } from "@/lib/server/accounts/account-facts";
import { accountFacts, isoOf } from "@/lib/server/accounts/export/facts";
import { accountRows, type ExportRequest, jsonArray } from "@/lib/server/accounts/export/stream";
import type { AccountRow } from "@/lib/server/accounts/list";
import { openNode } from "@/lib/server/node";
import { filterLimits } from "@/lib/server/use/filter-limits";
import { note, table, write } from "../output";
import { accountSubjectOf, readNumber } from "../rules/arguments";
import { addFilterOptions, type FilterOptions, filterFrom } from "../rules/filter-options";

export interface ChoiceOptions extends FilterOptions {
  sort: Sort;
  after?: string;
  limit?: string;
}

export function listCommand(): Command {
  return addChoiceOptions(
    new Command("list").description("every account that the filters take, with what is effective for it"),
  )
    .option("--json", "as JSON: an array, an account a line")
    .action(async ({ json, ...options }: ChoiceOptions & { json?: boolean }) => {
      const request = requestFrom(options);
      const node = await openNode();
      const limits = await filterLimits(node.db, request.filter);
      if (limits.length > 0) note(limits);
      const pages = accountRows(node, request);
      for await (const text of json
        ? jsonArray(pages, (row) => withProtocols(accountFacts(row)))
        : textTable(pages))
        await write(text);
    });
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
async function* textTable(pages: AsyncIterable<readonly AccountRow[]>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const rows of pages) {
    const head = [HEAD[0]?.padEnd(ADDRESS_WIDTH) ?? "", ...HEAD.slice(1)];
    const lines = table([head, ...rows.map(cellsOf)]).map((line) => line.trimEnd());
    yield `${(isFirst ? lines : lines.slice(1)).join("\n")}\n`;
    isFirst = false;
  }
}

function cellsOf({ address, protocols, suspensions, vanishedAt, uses }: AccountRow): string[] {
  const own = PROTOCOLS.flatMap((protocol) => {
    const { override } = protocols[protocol];
    return override ? [`${protocol}=${override.state}${override.until === null ? "" : " (ends)"}`] : [];
  });
  const contradicted = PROTOCOLS.filter((protocol) => protocols[protocol].proof?.differs);
  return [
    `${address}${vanishedAt ? " (vanished)" : ""}`,
    protocols.imap.effective,
    protocols.pop3.effective,
    ...PROTOCOLS.map((protocol) => isoOf(uses[protocol]?.lastAt ?? null)?.slice(0, 10) ?? "-"),
    own.join(" ") || "-",
    suspensions.map(({ level, protocol }) => `${level}:${protocol}`).join(" ") || "-",
    contradicted.length > 0 ? `contradicts ${contradicted.join(", ")}` : "",
  ];
}
