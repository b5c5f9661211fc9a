import { PROTOCOLS, type Protocol } from "../access/rules";
import type { Family } from "../dovecot/version";
import { STAMP_PATTERN, type Stamp, stampOf } from "./stamp";

/** What a login process wrote of somebody who got in. */
export interface SignIn {
  /** Undefined where the line has none: a journal keeps it beside the line. */
  stamp: Stamp | undefined;
  protocol: Protocol;
  /** As Dovecot knows the account, after its own normalising. */
  user: string;
  /** The client's address; undefined where the site doesn't log it. */
  remote: string | undefined;
  /** `secured`: without TLS, from this host or a network that Dovecot trusts. */
  connection: "tls" | "secured" | "plain";
  /** The process that serves the session; undefined where it isn't logged. */
  pid: number | undefined;
  /** The port on this host; undefined where it isn't logged. */
  port: number | undefined;
  /** For instance TLSv1.3; undefined where it isn't logged. */
  tlsVersion: string | undefined;
}

/** The login process's words for it, measured on 2.3.19.1 and 2.4.1. */
const WORDS: Readonly<Record<Family, string>> = { "2.3": "Login", "2.4": "Logged in" };

/**
 * Before the message: nothing (a journal), Dovecot's own stamp (a file), or stamp, host and tag (syslog). Nothing of it is an
 * outsider's, and the message must follow at once: what somebody put into a name elsewhere in a line is never taken for one.
 */
const START = `^(?:${STAMP_PATTERN} (?:\\S+ [^\\s:[]+(?:\\[\\d+\\])?: )?)?(?<protocol>${PROTOCOLS.join("|")})-login: (?:Info: )?`;

const PATTERNS = Object.fromEntries(
  Object.entries(WORDS).map(([family, words]) => [
    family,
    new RegExp(`${START}${words}: (?<elements>.*)$`, "s"),
  ]),
) as Readonly<Record<Family, RegExp>>;

/**
 * The name may hold anything, also what looks like the elements behind it. Those hold no angle brackets but the session's,
 * which is always there: so the name goes on as far as it can.
 */
const ELEMENTS = /(?:^|, )user=<(?<user>.*)>(?<rest>(?:, [^<>]*)?), session=<[^<>]*>(?:, [^<>]*)?$/s;

/** Whether a line tells of a sign-in, of whichever version, also where it can't be read further. */
export function isSignIn(line: string): boolean {
  return Object.values(PATTERNS).some((pattern) => pattern.test(line));
}

/** A line of the log, or undefined where it tells of something else. */
export function signInOf(line: string, family: Family): SignIn | undefined {
  const message = PATTERNS[family].exec(line)?.groups;
  if (!message?.elements) return undefined;
  const found = ELEMENTS.exec(message.elements)?.groups;
  if (!found?.user) return undefined;
  const words = (found.rest ?? "").split(", ").slice(1);
  const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const number = (key: string) => {
    const text = value(key) ?? "";
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  };
  return {
    stamp: message.stamp === undefined ? undefined : stampOf(message.stamp),
    protocol: message.protocol as Protocol,
    user: found.user,
    remote: value("rip"),
    connection: words.includes("TLS") ? "tls" : words.includes("secured") ? "secured" : "plain",
    pid: number("mpid"),
    port: number("lport"),
    tlsVersion: /^(?:TLS|SSL)v[\d.]+/.exec(value("tls") ?? "")?.[0],
  };
}
