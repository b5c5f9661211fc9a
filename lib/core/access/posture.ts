import type { Block } from "../dovecot/doveconf";
import type { Family } from "../dovecot/version";
import { PROTOCOLS } from "./rules";

/** A way in that the access map doesn't stand before. While there is one, nothing here is called enforced. */
export interface Gap {
  key: string;
  sentence: string;
}

/** A password database of the server's own, and what its files say. */
export interface Passdb {
  name: string;
  driver: string;
  isMaster: boolean;
  /** Files that it reads: a query, fields, users. */
  files: readonly string[];
  /** Everything that is set in its block. */
  settings: Readonly<Record<string, string>>;
}

/** What of a file matters here; `undefined` where it can't be read. */
export type ReadText = (path: string) => string | undefined;

/** Mechanisms that a login can pass without a lookup in the passdbs before the server's own. */
const UNCHECKED = ["gssapi", "gss-spnego", "anonymous", "oauthbearer", "xoauth2"];

/** Formats that leave a name as it is, or only fold it: 2.3's, then 2.4's. */
const HARMLESS_FORMATS = ["", "%u", "%Lu", "%{user}", "%{user|lower}", "%{user | lower}"];

/**
 * Every way by which somebody could sign in past the access map, read from the effective configuration (`doveconf -n`,
 * parsed). A passdb for some addresses only is no such way: Dovecot refuses passdbs inside local and remote blocks.
 * What was measured on 2.3.19.1 and 2.4.1 is in docs/dovecot-facts.md.
 */
export function gapsIn(root: Block, family: Family, read: ReadText): Gap[] {
  return [
    ...earlierPassdbs(root, family),
    ...masterUsers(root),
    ...nameFormats(root),
    ...mechanisms(root),
    ...sitePassdbs(root).flatMap((passdb) => [...renaming(passdb, read), ...proxying(passdb, read)]),
  ];
}

/** The lookup must be the first passdb of its protocol: an earlier one decides alone. */
function earlierPassdbs(root: Block, family: Family): Gap[] {
  return PROTOCOLS.flatMap((protocol) => {
    const passdbs = root.blocks
      .filter((block) => block.type === "protocol" && block.name === protocol)
      .flatMap(({ blocks }) => blocks)
      .filter(({ type }) => type === "passdb");
    const ours = passdbs.findIndex((block) => isOurs(block, protocol, family));
    const name = protocol.toUpperCase();
    if (ours < 0)
      return [
        {
          key: `no-lookup-${protocol}`,
          sentence: `Dovecot's configuration has no lookup of the access map for ${name}.`,
        },
      ];
    if (ours === 0) return [];
    return [
      {
        key: `earlier-passdb-${protocol}`,
        sentence: `Another passdb inside "protocol ${protocol}" is asked before the access map, so whom it knows signs in whatever is set here.`,
      },
    ];
  });
}

function isOurs(block: Block, protocol: string, family: Family): boolean {
  return family === "2.4"
    ? block.name === `portcullis_${protocol}`
    : (block.settings.args ?? "").endsWith(`/access-${protocol}.conf.ext`);
}

function masterUsers(root: Block): Gap[] {
  return root.blocks
    .filter(({ type, settings }) => type === "passdb" && settings.master === "yes" && settings.pass !== "yes")
    .map((block) => ({
      key: "master-users",
      sentence: `Master users (passdb ${labelOf(block)} with master = yes) sign in as anybody past what is set here. With "pass = yes" they are looked up too.`,
    }));
}

function nameFormats(root: Block): Gap[] {
  const format = root.settings.auth_username_format ?? "";
  if (HARMLESS_FORMATS.includes(format.trim())) return [];
  return [
    {
      key: "username-format",
      sentence: `auth_username_format = ${format} changes names before they are looked up: a rule holds for the changed name only, and a domain's rule not at all where the domain is cut off.`,
    },
  ];
}

function mechanisms(root: Block): Gap[] {
  const on = (root.settings.auth_mechanisms ?? "").toLowerCase().split(/\s+/);
  const open = UNCHECKED.filter((name) => on.includes(name));
  if (open.length === 0) return [];
  return [
    {
      key: "mechanisms",
      sentence: `Sign-ins by ${open.join(", ").toUpperCase()} (auth_mechanisms) are not known to be looked up in the access map.`,
    },
  ];
}

/** `user=` in a passdb's fields: the login of one name becomes another's, and its own rules were never asked. */
function renaming(passdb: Passdb, read: ReadText): Gap[] {
  if (passdb.isMaster || !renames(passdb, read)) return [];
  return [
    {
      key: `renames-${passdb.name}`,
      sentence: `passdb ${passdb.name} can turn one login name into another (user=): who signs in by an alias is looked up by the alias, not by the account it leads to.`,
    },
  ];
}

function renames({ driver, settings, files }: Passdb, read: ReadText): boolean {
  const inline = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  if (driver === "static" && inline.some((text) => /(?:^|[\s/])user(?:=|\s)/.test(text))) return true;
  const texts = [...inline, ...files.map((path) => read(path) ?? "")];
  if (driver === "sql") return texts.some(queryRenames);
  if (driver === "ldap")
    return texts.some((text) => /=\s*user\b(?!name)/.test(text) || /\buser\s*=\s*%\{ldap/.test(text));
  return texts.some((text) => /(?:^|[:\s])user=/m.test(text));
}

/** `SELECT email AS user … WHERE email = '%u'` gives the very name that was asked for; anything else may be another. */
function queryRenames(text: string): boolean {
  const alias = /([\w."`]+)\s+as\s+["'`]?user["'`]?\b/i.exec(text)?.[1];
  if (alias === undefined) return false;
  const column = alias.replace(/["`]/g, "").split(".").at(-1) ?? "";
  const asked = new RegExp(`${column}["\`]?\\s*=\\s*'?(?:%L?u|%\\{user(?:\\s*\\|\\s*lower)?\\})'?`, "i");
  return !asked.test(text);
}

/** On a proxy the password may be checked elsewhere, and the login is forwarded whatever is set here. */
function proxying({ name, settings, files }: Passdb, read: ReadText): Gap[] {
  const texts = [
    ...Object.entries(settings).map(([key, value]) => `${key} ${value}`),
    ...files.map((path) => read(path) ?? ""),
  ];
  if (
    !texts.some((text) =>
      /(?:^|[\s:/.'"])proxy(?:_maybe)?(?:\s*=|\s+(?:y|yes)\b|['"])|\bas\s+["'`]?proxy/im.test(text),
    )
  )
    return [];
  return [
    {
      key: `proxies-${name}`,
      sentence: `passdb ${name} can forward logins to another server (proxy): what is set here is not known to hold for them.`,
    },
  ];
}

/** Passdbs that can't say whether a user is there without his password: of a name that only they know Dovecot says that it isn't. */
const MUTE = ["pam", "bsdauth", "checkpassword", "imap", "oauth2"];

export function canBeLookedUp(root: Block): boolean {
  return !sitePassdbs(root).some(({ driver }) => MUTE.includes(driver));
}

/** The server's own passdbs, from the top level of its configuration. */
export function sitePassdbs(root: Block): Passdb[] {
  return root.blocks
    .filter(({ type }) => type === "passdb")
    .map((block) => {
      const settings = flattened(block);
      const driver = block.settings.driver ?? block.name;
      return {
        name: labelOf(block),
        driver,
        isMaster: block.settings.master === "yes",
        files: filesOf(driver, settings),
        settings,
      };
    });
}

function labelOf(block: Block): string {
  return block.name || block.settings.driver || "without a name";
}

function flattened(block: Block): Record<string, string> {
  const inner = block.blocks.map((one) =>
    Object.fromEntries(Object.entries(flattened(one)).map(([key, value]) => [`${one.type}/${key}`, value])),
  );
  return Object.assign({}, block.settings, ...inner) as Record<string, string>;
}

/** 2.3 names a file as the last word of `args`, 2.4 by settings of its own. */
function filesOf(driver: string, settings: Readonly<Record<string, string>>): string[] {
  const named = [settings.args?.split(/\s+/).at(-1), settings.passwd_file_path].filter(
    (path) => path?.startsWith("/") && !path.includes("%"),
  );
  return ["sql", "ldap", "passwd-file"].includes(driver) ? named.filter((path) => path !== undefined) : [];
}
