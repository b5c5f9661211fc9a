import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeAccess } from "@/lib/server/access/change";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { PASSWORD, startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import type { TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";

interface Site {
  what: string;
  "2.3": string;
  "2.4": string;
  gaps: string[];
  /** A login that gets past a denied alice@a.test there, to show that the gap is real. */
  passes?: { user: string; password: string };
}

/** What sites have, and what it means for saying "enforced". FOLDER stands for the configuration's folder. */
const SITES: readonly Site[] = [
  { what: "nothing of its own", "2.3": "", "2.4": "", gaps: [] },
  {
    what: "master users",
    "2.3":
      "auth_master_user_separator = *\npassdb {\n  driver = passwd-file\n  args = FOLDER/masters\n  master = yes\n}",
    "2.4":
      "auth_master_user_separator = *\npassdb masters {\n  driver = passwd-file\n  passwd_file_path = FOLDER/masters\n  master = yes\n}",
    gaps: ["master-users"],
    passes: { user: "alice@a.test*admin", password: "master" },
  },
  {
    what: "names cut to the local part",
    "2.3":
      "auth_username_format = %n\npassdb {\n  driver = static\n  args = password=pw\n}\nuserdb {\n  driver = static\n  args = uid=nobody gid=nogroup home=/tmp/portcullis-anybody\n}",
    "2.4":
      "auth_username_format = %{user | username}\npassdb static {\n  password = pw\n}\nuserdb static {\n  fields {\n    uid = nobody\n    gid = nogroup\n    home = /tmp/portcullis-anybody\n  }\n}",
    gaps: ["username-format"],
    passes: { user: "alice@a.test", password: PASSWORD },
  },
  {
    what: "names as typed",
    "2.3": "auth_username_format = %u",
    "2.4": "auth_username_format = %{user}",
    gaps: [],
  },
  {
    what: "a default realm",
    "2.3": "auth_default_realm = a.test",
    "2.4": "auth_default_domain = a.test",
    gaps: [],
  },
  {
    what: "a passdb inside the protocol, before ours",
    "2.3":
      "protocol pop3 {\n  passdb {\n    driver = passwd-file\n    args = username_format=%u FOLDER/users\n  }\n}",
    "2.4":
      "protocol pop3 {\n  passdb early {\n    driver = passwd-file\n    passwd_file_path = FOLDER/users\n  }\n}",
    gaps: ["earlier-passdb-pop3"],
    passes: { user: "alice@a.test", password: PASSWORD },
  },
  {
    what: "aliases in a passwd-file",
    "2.3": "passdb {\n  driver = passwd-file\n  args = username_format=%u FOLDER/aliases\n}",
    "2.4": "passdb aliases {\n  driver = passwd-file\n  passwd_file_path = FOLDER/aliases\n}",
    gaps: ["renames-NAME"],
    passes: { user: "alias@a.test", password: PASSWORD },
  },
  {
    what: "an SQL query that gives back the name that was asked for",
    "2.3": "passdb {\n  driver = sql\n  args = FOLDER/plain.sql\n}",
    "2.4":
      "passdb mysite {\n  driver = sql\n  sql_driver = sqlite\n  sqlite_path = FOLDER/site.sqlite\n  passdb_sql_query = SELECT email AS user, password FROM users WHERE email = '%{user}'\n}",
    gaps: [],
  },
  {
    what: "an SQL query that follows aliases",
    "2.3": "passdb {\n  driver = sql\n  args = FOLDER/alias.sql\n}",
    "2.4":
      "passdb mysite {\n  driver = sql\n  sql_driver = sqlite\n  sqlite_path = FOLDER/site.sqlite\n  passdb_sql_query = SELECT destination AS user, password FROM aliases WHERE source = '%{user}'\n}",
    gaps: ["renames-NAME"],
  },
  {
    what: "Kerberos",
    "2.3": "auth_mechanisms = plain gssapi",
    "2.4": "auth_mechanisms = plain gssapi",
    gaps: ["mechanisms"],
  },
  {
    what: "a proxy's passdb",
    "2.3": "passdb {\n  driver = static\n  args = proxy=y host=192.0.2.1 nopassword=y\n}",
    "2.4": "passdb static {\n  fields {\n    proxy = y\n    host = 192.0.2.1\n  }\n}",
    gaps: ["proxies-static"],
  },
];

describe.each(DOVECOTS)("ways in past the access map, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  let own: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startAccessSandbox(dovecot, ["alice@a.test"]);
    own = readFileSync(sandbox.configFile, "utf8");
    const folder = dirname(sandbox.configFile);
    writeFileSync(join(folder, "masters"), "admin:{PLAIN}master::::::\n");
    writeFileSync(join(folder, "aliases"), `alias@a.test:{PLAIN}${PASSWORD}::::::user=alice@a.test\n`);
    const sql = (query: string) =>
      `driver = sqlite\nconnect = ${folder}/site.sqlite\npassword_query = ${query}\n`;
    writeFileSync(
      join(folder, "plain.sql"),
      sql("SELECT email AS user, password FROM users WHERE email = '%u'"),
    );
    writeFileSync(
      join(folder, "alias.sql"),
      sql("SELECT destination AS user, password FROM aliases WHERE source = '%u'"),
    );
    await changeAccess(sandbox.node, {
      actor: { name: "tester", origin: "cli" },
      rank: "administrator",
      reason: "",
      edits: [{ kind: "policy", subject: "alice@a.test", protocol: "pop3", state: "deny", until: null }],
    });
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  it.each(SITES)("$what", async (site) => {
    const inside = dirname(sandbox.node.instance.configFile);
    const text = site[dovecot.family].replaceAll("FOLDER", inside);
    writeFileSync(sandbox.configFile, own.replace("# Read last", `${text}\n# Read last`));
    const { gaps, enforced, troubles } = await accessEnforcement(sandbox.node);
    const name =
      dovecot.family === "2.4"
        ? site.what.includes("passwd-file")
          ? "aliases"
          : "mysite"
        : site.what.includes("SQL")
          ? "sql"
          : "passwd-file";
    expect(gaps.map(({ key }) => key)).toEqual(site.gaps.map((key) => key.replace("NAME", name)));
    expect(enforced).toBe(site.gaps.length === 0);
    expect(troubles).toHaveLength(site.gaps.length);
    if (!site.passes) return;
    await sandbox.node.ports.reload();
    const { user, password } = site.passes;
    const login = async () =>
      (
        await wireLogin({
          protocol: "pop3",
          port: sandbox.ports.pop3,
          encryption: "none",
          mechanism: "PLAIN",
          user,
          password,
        })
      ).answer;
    await expect.poll(login, { timeout: 10_000 }).toBe("ok");
  });
});
