import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { domainOf } from "@/lib/core/access/name";
import { PROTOCOLS } from "@/lib/core/access/rules";

/** What a bench's server has. */
export interface Size {
  accounts: number;
  domains: number;
  /** Accounts of one domain that is larger than all others. */
  inBig: number;
  overrides: number;
  domainRules: number;
}

export const SMALL: Size = { accounts: 10_000, domains: 100, inBig: 1000, overrides: 1000, domainRules: 20 };
export const LARGE: Size = {
  accounts: 1_000_000,
  domains: 10_000,
  inBig: 100_000,
  overrides: 100_000,
  domainRules: 2000,
};

export const BIG = "big.example";
const LOCAL = ["anna", "ben", "office", "support", "info", "j.smith", "sales", "billing", "zoe", "post"];

/** The same names on every run: short and long ones, spread over the domains. */
export function* addresses({ accounts, domains, inBig }: Size): Iterable<string> {
  for (let index = 0; index < inBig; index++) yield `${LOCAL[index % 10]}.${index.toString(36)}@${BIG}`;
  for (let index = 0; index < accounts - inBig; index++)
    yield `${LOCAL[index % 10]}.${((index * 7919) % 1_000_003).toString(36)}@customer-${index % (domains - 1)}.example`;
}

/** A site's own table of users, with the queries that Dovecot asks it. Returns the files' folder-relative names. */
export function writeSite(folder: string, size: Size): void {
  const db = new Database(join(folder, "site.sqlite"));
  db.exec(
    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN; CREATE TABLE users(address TEXT PRIMARY KEY) WITHOUT ROWID;",
  );
  const insert = db.prepare("INSERT OR IGNORE INTO users VALUES (?)");
  for (const address of addresses(size)) insert.run(address);
  db.exec("COMMIT");
  db.close();
  writeFileSync(
    join(folder, "site.sql"),
    `driver = sqlite
connect = ${folder}/site.sqlite
password_query = SELECT address AS user, '{PLAIN}pw' AS password FROM users WHERE address = '%u'
user_query = SELECT 65534 AS uid, 65534 AS gid, '/tmp/portcullis-anybody' AS home FROM users WHERE address = '%u'
iterate_query = SELECT address AS user FROM users
`,
  );
}

/** The rows of overrides and domain rules, spread evenly, as one JSON a chunk. */
export function* ruleChunks(size: Size, names: readonly string[], chunk: number): Iterable<string> {
  const rows: (string | number | null)[][] = [];
  const step = Math.floor(names.length / size.overrides);
  for (let index = 0; index < size.overrides; index++) {
    // Not always the first of a step, which would be the same local part every time.
    const subject = names[index * step + (index % step)] ?? "";
    const protocol = PROTOCOLS[index % 2] ?? "pop3";
    rows.push([
      subject,
      protocol,
      "account",
      domainOf(subject),
      index % 3 === 0 ? "allow" : "deny",
      index % 10 === 0 ? 2_000_000_000 : null,
    ]);
  }
  for (let index = 0; index < size.domainRules; index++) {
    const domain = `customer-${index * 4}.example`;
    rows.push([`@${domain}`, "pop3", "domain", domain, "deny", null]);
  }
  for (let start = 0; start < rows.length; start += chunk)
    yield JSON.stringify(rows.slice(start, start + chunk));
}
