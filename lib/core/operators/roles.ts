import type { Rank } from "../access/rules";
import { domainOfSubject, levelOf, type Subject } from "../access/subject";

/** What an operator of the panel is. */
export const ROLES = ["administrator", "operator", "reviewer"] as const;
export type Role = (typeof ROLES)[number];

/** The domains that somebody is responsible for; null for all of the server. */
export type Scope = readonly string[] | null;

interface Allowed extends Readonly<Record<Role, boolean>> {
  /** Also for somebody who is responsible for some domains only. */
  scoped: boolean;
}

const EVERYBODY = { administrator: true, operator: true, reviewer: true };
const CHANGERS = { administrator: true, operator: true, reviewer: false };
const ADMINISTRATORS = { administrator: true, operator: false, reviewer: false };

/** Who may do what: the one table. Within a scope it is about the scope's domains alone. */
const PERMISSIONS = {
  /** Home and the state of mail. */
  "home.read": { ...EVERYBODY, scoped: true },
  /** Settings of the server, their history, drift. */
  "mailserver.read": { ...EVERYBODY, scoped: false },
  "mailserver.change": { ...ADMINISTRATORS, scoped: false },
  /** What a server that is there already would be like here, and what was done to one that was adopted. */
  "adoption.read": { ...ADMINISTRATORS, scoped: false },
  "sandbox.read": { ...CHANGERS, scoped: false },
  "accounts.read": { ...EVERYBODY, scoped: true },
  "accounts.change": { ...CHANGERS, scoped: true },
  /** A note and a ticket's number beside an account or a domain. */
  "accounts.annotate": { ...EVERYBODY, scoped: true },
  /** The server's whole list of accounts read anew, and rules from a file. */
  "accounts.list": { ...CHANGERS, scoped: false },
  "sessions.read": { ...EVERYBODY, scoped: true },
  "sessions.end": { ...CHANGERS, scoped: true },
  "jobs.read": { ...EVERYBODY, scoped: true },
  /** Disk and mailboxes of the whole server. */
  "guide.read": { ...EVERYBODY, scoped: false },
  "alerts.read": { ...EVERYBODY, scoped: false },
  "alerts.change": { ...ADMINISTRATORS, scoped: false },
  /** Of the panel itself. */
  "panel.read": { ...ADMINISTRATORS, scoped: false },
  "panel.change": { ...ADMINISTRATORS, scoped: false },
  "operators.read": { ...ADMINISTRATORS, scoped: false },
  "operators.change": { ...ADMINISTRATORS, scoped: false },
  "audit.read": { ...ADMINISTRATORS, scoped: false },
  /** One's own password, second factor, sessions and tokens. */
  "self.change": { ...EVERYBODY, scoped: true },
} as const satisfies Record<string, Allowed>;

export type Permission = keyof typeof PERMISSIONS;

export function mayDo(role: Role, scope: Scope, permission: Permission): boolean {
  const allowed: Allowed = PERMISSIONS[permission];
  return allowed[role] && (scope === null || allowed.scoped);
}

/** How high somebody stands when a suspension is set or lifted. */
export function rankOfRole(role: Role, scope: Scope): Rank {
  if (role === "administrator") return "administrator";
  return scope === null ? "operator" : "team";
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

/** Whether a domain (folded; "" for accounts without one) is somebody's to see. */
/** Whether a rule's subject is somebody's: everybody's default is nobody's who has a scope. */
export function coversSubject(scope: Scope, subject: Subject): boolean {
  return scope === null || (levelOf(subject) !== "server" && isInScope(scope, domainOfSubject(subject)));
}

/** Whether all that one scope has is another's too. */
export function coversScope(scope: Scope, inner: Scope): boolean {
  return scope === null || (inner !== null && inner.every((domain) => scope.includes(domain)));
}

export function isInScope(scope: Scope, domain: string): boolean {
  return scope === null || scope.includes(domain);
}
