import { stringify } from "csv-stringify/sync";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { guardCell } from "@/lib/core/access/spreadsheet-cell";
import type { AccountFacts, SuspensionFacts } from "./facts";

type Cell = (account: AccountFacts) => string;

/** The columns of an exported file, in order. Those that an import takes are named in lib/core/access/policy-line. */
const COLUMNS: Readonly<Record<string, Cell>> = {
  address: ({ address }) => address,
  domain: ({ domain }) => domain,
  ...ofProtocol("imap"),
  ...ofProtocol("pop3"),
  suspensions: ({ suspensions }) => suspensions.map(suspensionCell).join("; "),
  vanished_at: ({ vanishedAt }) => vanishedAt ?? "",
  changed_by: ({ lastChange }) => lastChange?.actor ?? "",
  changed_at: ({ lastChange }) => lastChange?.at ?? "",
  changed_because: ({ lastChange }) => lastChange?.reason ?? "",
  note_tickets: ({ annotations }) =>
    [...new Set(annotations.map(({ ticket }) => ticket).filter((ticket) => ticket !== ""))].join("; "),
  notes: ({ annotations }) => annotations.map(({ id, text }) => `#${id} ${text}`).join("; "),
  ...Object.assign({}, ...PROTOCOLS.map(proofOf)),
  ...Object.assign({}, ...PROTOCOLS.map(useOf)),
};

function ofProtocol(protocol: Protocol): Record<string, Cell> {
  return {
    [protocol]: (account) => account[protocol].effective,
    [`${protocol}_because`]: (account) => account[protocol].because,
    [`${protocol}_override`]: (account) => account[protocol].override,
    [`${protocol}_until`]: (account) => account[protocol].until ?? "",
  };
}

function proofOf(protocol: Protocol): Record<string, Cell> {
  return {
    [`${protocol}_seen`]: (account) => account[protocol].proof?.seen ?? "",
    [`${protocol}_seen_at`]: (account) => account[protocol].proof?.at ?? "",
  };
}

function useOf(protocol: Protocol): Record<string, Cell> {
  return {
    [`${protocol}_last_used_at`]: (account) => account[protocol].lastUse?.at ?? "",
    [`${protocol}_last_used_by`]: (account) => account[protocol].lastUse?.security ?? "",
  };
}

function suspensionCell({ id, level, protocol, reason, ticket, until }: SuspensionFacts): string {
  const facts = [
    `#${id} ${level}: ${protocol}`,
    until === null ? "" : `until ${until}`,
    reason,
    ticket === "" ? "" : `ticket ${ticket}`,
  ];
  return facts.filter(Boolean).join(", ");
}

const CELLS = Object.values(COLUMNS);

export function csvHead(): string {
  return stringify([Object.keys(COLUMNS)]);
}

export function csvLines(accounts: readonly AccountFacts[]): string {
  return stringify(
    accounts.map((account) => CELLS.map((cell) => guardCell(cell(account)))),
    // A semicolon or tab is what some spreadsheets part cells at; space at an end would be trimmed when it is read.
    { quoted_match: [/[;\t']/, /^\s|\s$/] },
  );
}
