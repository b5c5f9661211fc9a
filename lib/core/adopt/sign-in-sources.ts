import type { Block } from "../dovecot/doveconf";

/** Where a password or a user is looked up. */
export interface SignInSource {
  kind: "passdb" | "userdb";
  /** Dovecot's own word: pam, passwd, shadow, passwd-file, sql, ldap, static, … */
  driver: string;
  /** In words: "the system's users (PAM)". */
  where: string;
  /** Files that it names. */
  files: string[];
}

const WORDS: Readonly<Record<string, string>> = {
  pam: "the system's users, by PAM",
  passwd: "the system's users (/etc/passwd)",
  shadow: "the system's users (/etc/shadow)",
  bsdauth: "the system's users, by BSD authentication",
  "passwd-file": "a file of users",
  sql: "an SQL database",
  ldap: "an LDAP directory",
  static: "the same for everybody (static)",
  prefetch: "what the password lookup brought (prefetch)",
  checkpassword: "a program of the server's own (checkpassword)",
  lua: "a script of the server's own (Lua)",
  oauth2: "an OAuth 2 service",
  imap: "another IMAP server",
  dict: "a dictionary",
};

/** The server's own lookups, in the order in which Dovecot asks them. `root` is what `doveconf -n` prints. */
export function signInSources(root: Block): SignInSource[] {
  return root.blocks.flatMap((block) => {
    if (block.type !== "passdb" && block.type !== "userdb") return [];
    const driver = block.settings.driver ?? block.name;
    const values = valuesOf(block);
    return [
      {
        kind: block.type,
        driver,
        where: WORDS[driver] ?? `something of its own (${driver || "no driver"})`,
        files: values
          .flatMap((value) => value.match(/(?<![\w/%.])\/[^\s"':]+/g) ?? [])
          .filter((path) => !path.includes("%")),
      },
    ];
  });
}

/** Values that may name a file: 2.3's `args`, 2.4's settings of their own. Never one with a query or a password in it. */
function valuesOf({ settings, blocks }: Block): string[] {
  const own = Object.entries(settings)
    .filter(([name]) => name === "args" || /(?:_|^)(?:path|file)$/.test(name))
    .map(([, value]) => value);
  return [...own, ...blocks.flatMap(valuesOf)];
}

/** Nodes that pass logins on to others: what is set here doesn't hold there. */
export function directorSentence(root: Block): string | undefined {
  const servers = root.settings.director_servers ?? "";
  const isOn = servers.trim() !== "" || JSON.stringify(root).includes("login/director");
  return isOn
    ? "This is a director: it passes each login on to another server of its ring, and the ports and sessions of those are not seen from here."
    : undefined;
}
