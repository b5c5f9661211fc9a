import { z } from "zod";
import type { Directive } from "../dovecot/directive";
import type { Family } from "../dovecot/version";

export type SettingValue = boolean;

/**
 * What it takes until the running daemon obeys a change. `stop`: the services of one protocol are stopped, which
 * touches nobody else and needs no reload. `reload`: every session may be ended by the daemon.
 */
export type Need = "stop" | "reload";

/** One entry of the catalogue: schema, form, help text, both renderings, CLI and docs come from it. */
export interface Setting<Value extends SettingValue = SettingValue> {
  key: string;
  label: string;
  section: SectionKey;
  /** Two sentences at most, in the operator's language. */
  help: string;
  type: "switch";
  default: Value;
  /** The oldest Dovecot that knows it. */
  since: Family;
  schema: z.ZodType<Value>;
  needs: (from: Value, to: Value) => Need;
  render: (value: Value, family: Family) => Directive[];
  /** A change as a sentence, for the page, the CLI and the history. */
  sentence: (to: Value) => string;
}

export type SectionKey = "protocols";

const SWITCH_WORDS = new Map([
  ["on", true],
  ["yes", true],
  ["true", true],
  ["off", false],
  ["no", false],
  ["false", false],
]);

/** `true`, or the words that people type: on, off, yes, no. */
const switchSchema = z.unknown().transform((given, context) => {
  const word = typeof given === "string" ? given.trim().toLowerCase() : "";
  const value = typeof given === "boolean" ? given : SWITCH_WORDS.get(word);
  if (value === undefined) {
    context.addIssue({ code: "custom", message: `must be on or off, not ${JSON.stringify(given)}` });
    return z.NEVER;
  }
  return value;
});

type SwitchFacts = Pick<Setting<boolean>, "key" | "label" | "section" | "help" | "default" | "since">;

/** A protocol that people can be shut out of: closing it is a stop, opening it a reload. */
export function protocolSwitch(facts: SwitchFacts & { key: "imap" | "pop3" }): Setting<boolean> {
  return {
    ...facts,
    type: "switch",
    schema: switchSchema,
    needs: (_from, to) => (to ? "reload" : "stop"),
    render: (on) => [{ kind: "member", list: "protocols", member: facts.key, on }],
    sentence: (on) => `${on ? "Open" : "Close"} ${facts.label}`,
  };
}
