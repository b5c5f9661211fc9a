import { domainOf, type Named, parseAddress, parseDomain } from "./name";

/** What a rule is about, from the most special to the most general. */
export const LEVELS = ["account", "domain", "server"] as const;
export type Level = (typeof LEVELS)[number];

/**
 * The key of a rule's subject, as it stands in the access map: `user@domain`, `@domain`, or `*` for everybody.
 * The "@" before a domain keeps a login that is named like a domain from being taken for it.
 */
export type Subject = string;

export const EVERYBODY: Subject = "*";

function accountSubject(address: string): Subject {
  return address;
}

export function domainSubject(domain: string): Subject {
  return `@${domain}`;
}

export function levelOf(subject: Subject): Level {
  if (subject === EVERYBODY) return "server";
  return subject.startsWith("@") ? "domain" : "account";
}

/** An account's own, then its domain's, then everybody's. */
export function subjectsFor(address: string): readonly [Subject, Subject, Subject] {
  return [accountSubject(address), domainSubject(domainOf(address)), EVERYBODY];
}

/** Of an account its domain, of a domain its name, of everybody nothing. */
export function domainOfSubject(subject: Subject): string {
  return subject === EVERYBODY ? "" : domainOf(subject);
}

/** For people: `anna@site.example`, `site.example`, `all accounts`. */
export function subjectLabel(subject: Subject): string {
  const level = levelOf(subject);
  if (level === "server") return "all accounts";
  if (level === "domain") return domainOf(subject) || "accounts without a domain";
  return subject;
}

/** Reads an account's address, `@` and a domain (`@` alone: accounts without one), or `*` for everybody. */
export function parseSubject(text: string): Named {
  if (text === EVERYBODY || text === domainSubject("")) return { ok: true, name: text };
  if (!text.startsWith("@")) return parseAddress(text);
  const domain = parseDomain(text.slice(1));
  return domain.ok ? { ok: true, name: domainSubject(domain.name) } : domain;
}
