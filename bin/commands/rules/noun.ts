import type { Subject } from "@/lib/core/access/subject";
import type { MailNode } from "@/lib/server/node";
import { accountReport } from "../accounts/report";
import { domainReport } from "../domains/report";
import { accountSubjectOf, domainSubjectOf } from "./arguments";
import type { Report } from "./report";

/** What rules can be about at a shell: the commands of both are the same. */
export interface Noun {
  word: "account" | "domain";
  argument: string;
  describe: string;
  /** @throws UsageError for a name that can't be. */
  subjectOf: (text: string) => Subject;
  report: (node: MailNode, subject: Subject, ask: boolean) => Promise<Report>;
}

export const ACCOUNT: Noun = {
  word: "account",
  argument: "address",
  describe: "the account's address",
  subjectOf: accountSubjectOf,
  report: accountReport,
};

export const DOMAIN: Noun = {
  word: "domain",
  argument: "domain",
  describe: "the domain; '*' for every account without a rule of its own or its domain's",
  subjectOf: domainSubjectOf,
  report: domainReport,
};
