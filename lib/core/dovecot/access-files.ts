import type { Protocol } from "../access/rules";
import { PROTOCOLS } from "../access/rules";
import { isPlainPath } from "./plain-path";
import { RefusedText } from "./quote";
import type { FileSet } from "./render";
import type { Family } from "./version";

export const ACCESS_FILE = "access.conf";
export const ACCESS_MAP = "access.sqlite";

/** 2.3 keeps a query in a file of its own. */
export function queryFile(protocol: Protocol): string {
  return `access-${protocol}.conf.ext`;
}

const HEADER = `# Written by Portcullis. At each IMAP and POP3 login Dovecot looks up here whether the account may use the protocol.
# It can only refuse: "noauthenticate" goes on to the server's own passdbs, which check the password. A map that can't
# be read refuses everybody ("return-fail"), and what is denied is told only after a right password ("nologin").
`;

/**
 * The lookup of the access map, asked before the server's own passdbs (2.3 and 2.4 evaluate those inside a `protocol`
 * block first). The file says nothing of any account: no rule ever needs a reload.
 * @throws RefusedText when the folder has a character that Dovecot would split or expand.
 */
export function accessFiles(family: Family, folder: string): FileSet {
  if (!isPlainPath(folder))
    throw new RefusedText(`The folder ${JSON.stringify(folder)} can't be named in a Dovecot configuration.`);
  const blocks = PROTOCOLS.map((protocol) =>
    family === "2.4" ? modernBlock(protocol, folder) : classicBlock(protocol, folder),
  );
  const queries =
    family === "2.4"
      ? []
      : PROTOCOLS.map((protocol) => [queryFile(protocol), classicQuery(protocol, folder)]);
  return { ...Object.fromEntries(queries), [ACCESS_FILE]: [HEADER, ...blocks].join("\n") };
}

/** Which version's language generated files are in; undefined where it can't be told. */
export function writtenFor(files: FileSet): Family | undefined {
  const text = files[ACCESS_FILE] ?? "";
  if (/^ *sql_driver = /m.test(text)) return "2.4";
  return /^ *args = /m.test(text) ? "2.3" : undefined;
}

function modernBlock(protocol: Protocol, folder: string): string {
  return `protocol ${protocol} {
  passdb portcullis_${protocol} {
    driver = sql
    sql_driver = sqlite
    sqlite_path = ${folder}/${ACCESS_MAP}
    passdb_sql_query = ${query(protocol, "%{user | lower}", "@%{user | domain | lower}", "")}
    result_success = return-fail
    result_internalfail = return-fail
    passdb_use_cache = no
  }
}
`;
}

function classicBlock(protocol: Protocol, folder: string): string {
  return `protocol ${protocol} {
  passdb {
    driver = sql
    args = ${folder}/${queryFile(protocol)}
    result_success = return-fail
    result_internalfail = return-fail
  }
}
`;
}

function classicQuery(protocol: Protocol, folder: string): string {
  // The session makes each login's lookup another one, so that an auth cache can't keep an old answer.
  return `# Written by Portcullis.
driver = sqlite
connect = ${folder}/${ACCESS_MAP}
password_query = ${query(protocol, "%Lu", "@%Ld", " AND '%{session}' IS NOT NULL")}
`;
}

/**
 * Suspensions before policies, the account before its domain before everybody, the protocol's own row before that for
 * all. The clock is the daemon's: `julianday` has no percent sign, which both versions would expand.
 */
function query(protocol: Protocol, user: string, domain: string, more: string): string {
  return [
    "SELECT NULL AS password, 'y' AS noauthenticate, CASE WHEN kind=1 AND state=1 THEN NULL ELSE 'y' END AS nologin",
    `FROM policy WHERE k IN ('${user}','${domain}','*') AND proto IN ('${protocol}','all')`,
    `AND (until IS NULL OR until > (julianday('now')-2440587.5)*86400)${more}`,
    `ORDER BY kind, CASE k WHEN '${user}' THEN 0 WHEN '${domain}' THEN 1 ELSE 2 END, proto='all' LIMIT 1`,
  ].join(" ");
}
