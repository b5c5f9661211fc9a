import type { z } from "zod";
import type { ConfigTree, Place } from "../dovecot/config";
import type { Directive } from "../dovecot/directive";
import type { RenderTarget, SiteFacts } from "../dovecot/target";
import type { Family } from "../dovecot/version";

export type SettingValue = boolean | number | string | readonly string[];

/** `null` is "as found": nothing is written, and the server's own files decide. */
export type Wanted = SettingValue | null;

/** All settings as one entry sees the others. */
export type Values = Readonly<Record<string, Wanted>>;

/**
 * What it takes until the running daemon obeys a change. `stop`: the services of one protocol are stopped, which
 * touches nobody else and needs no reload. `reload`: every session may be ended by the daemon. Nothing that is set
 * here needs a restart (docs/dovecot-facts.md).
 */
export type Need = "nothing" | "stop" | "reload";

/** What can go wrong. `high`: a wrong value shuts people out or loses mail. */
export interface Risk {
  level: "low" | "high";
  sentence: string;
}

/** What a rule may know besides the values. Undefined where it could not be found out. */
export interface RuleFacts {
  family: Family;
  site: SiteFacts;
  /** Of the machine, in MB. */
  memoryMb: number | undefined;
}

/** A complaint that needs more than the one value. */
export interface Rule {
  /** A warning is weak but legal, and needs a tick. */
  severity: "error" | "warning";
  /** Settings whose change brings it up as well; a change of the entry itself always does. */
  with?: readonly string[];
  /** The sentence, or undefined where there is nothing to complain about. */
  check: (values: Values, facts: RuleFacts) => string | undefined;
}

/** When a setting has no effect, with the others as they are: it isn't written then. */
export interface Idle {
  when: (values: Values) => boolean;
  why: string;
}

export type Places = Readonly<Record<Family, readonly Place[]>>;

/** One entry of the catalogue: schema, form, help text, both renderings, command line and docs come from it. */
interface Entry<Key extends string, Value extends SettingValue> {
  readonly key: Key;
  /** As on WHM's page, where that has it. */
  readonly label: string;
  /** Two sentences at most, in the operator's language. */
  readonly help: string;
  /** Ours, for a fresh server. */
  readonly default: Value | null;
  /** Dovecot's own, where it is another. */
  readonly dovecotDefault: string | undefined;
  /** The oldest Dovecot that knows it. */
  readonly since: Family;
  readonly risk: Risk;
  readonly rules: readonly Rule[];
  readonly idle: Idle | undefined;
  /** The protocols whose ports must be seen to answer after a change. */
  readonly protocols: readonly string[];
  /** False for what is always set here and never left to the server's own files. */
  readonly mayBeUnset: boolean;
  /** Reads what a person typed, a form sent or JSON holds. Its complaints go after the label: "must be …". */
  readonly schema: z.ZodType<Value | null>;
  /** A value as it is typed into a form or a command line; "" for null. */
  readonly text: (wanted: Wanted) => string;
  /** A value as it is said: "20 MB", "on", "as found". */
  readonly words: (wanted: Wanted) => string;
  /** Where it is written, and where the running system tells it. Empty for a version that lacks it. */
  readonly places: Places;
  readonly render: (values: Values, target: RenderTarget) => Directive[];
  /** The value that a configuration comes to; undefined where it is none of ours. */
  readonly read: (tree: ConfigTree, family: Family) => Value | undefined;
  readonly needs: (from: Wanted, to: Wanted) => Need;
  /** A change as a sentence, for the page, the command line and the history. */
  readonly sentence: (to: Wanted) => string;
}

export interface Range {
  min: number;
  max: number;
}

export interface Option {
  value: string;
  label: string;
}

export interface SwitchSetting<Key extends string = string> extends Entry<Key, boolean> {
  readonly type: "switch";
}

export interface NumberSetting<Key extends string = string> extends Entry<Key, number> {
  readonly type: "integer" | "size" | "duration";
  readonly unit: string | null;
  readonly range: Range;
}

export interface ChoiceSetting<Key extends string = string> extends Entry<Key, string> {
  readonly type: "choice";
  readonly options: readonly Option[];
}

export interface TextSetting<Key extends string = string> extends Entry<Key, string> {
  readonly type: "text";
  /** Length in characters. */
  readonly range: Range;
  /** What it may hold, as a regular expression. */
  readonly pattern: string;
}

export interface AddressesSetting<Key extends string = string> extends Entry<Key, readonly string[]> {
  readonly type: "addresses";
  /** How many. */
  readonly range: Range;
}

export type Setting = SwitchSetting | NumberSetting | ChoiceSetting | TextSetting | AddressesSetting;

/** A part of the page, in its order. */
export interface Section<Settings extends readonly Setting[] = readonly Setting[]> {
  key: string;
  label: string;
  settings: Settings;
}

export function section<const Settings extends readonly Setting[]>(
  facts: Section<Settings>,
): Section<Settings> {
  return facts;
}
