import type { Scope } from "./roles";

/** An operator of the panel as a page or a program reads it; instants in ISO 8601. */
export interface OperatorView {
  id: string;
  email: string;
  name: string;
  /** administrator, operator, reviewer; "none" for one that nobody knows any more. */
  role: string;
  scope: Scope;
  /** Role and scope as one text, to notice that somebody changed them in between. */
  standing: string;
  isDisabled: boolean;
  /** Codes of an app. */
  hasCodes: boolean;
  passkeys: number;
  sessions: number;
  lastSignInAt: string | null;
}

/** An invitation that nobody accepted yet. */
export interface OperatorLinkView {
  id: string;
  email: string;
  role: string;
  scope: Scope;
  createdBy: string;
  expiresAt: string;
}

/** A link that was just made; nobody can read it again. */
export interface NewLinkView {
  sentences: string[];
  url: string;
}

export interface OwnSessionView {
  id: string;
  isThis: boolean;
  address: string | null;
  agent: string | null;
  since: string;
  lastUsedAt: string;
  withSecondFactor: boolean;
}

export interface PasskeyView {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** An app's secret while its owner sets it up. */
export interface EnrolmentView {
  /** In base32, in groups of four. */
  secret: string;
  /** `otpauth://…` */
  uri: string;
  /** The same as a picture: an SVG as `data:` address. */
  picture: string;
}

/** What the form behind a link gets back. */
export interface NewPasswordState {
  name: string;
  problems: Partial<Record<"token" | "name" | "password", string>>;
}
