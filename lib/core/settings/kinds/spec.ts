import { z } from "zod";
import { type ConfigTree, type Place, valueAt } from "../../dovecot/config";
import type { BlockPath, Directive } from "../../dovecot/directive";
import type { RenderTarget } from "../../dovecot/target";
import type { Family } from "../../dovecot/version";
import type { Idle, Places, Risk, Rule, SettingValue, Values, Wanted } from "../setting";

/** What every entry says of itself, whatever its kind. */
export interface Spec<Key extends string, Value extends SettingValue> {
  key: Key;
  label: string;
  help: string;
  default: Value | null;
  /** In words, where Dovecot's own default is another. */
  dovecotDefault?: string;
  since?: Family;
  risk: Risk;
  rules?: readonly Rule[];
  idle?: Idle;
  /** The protocols that a change concerns; all that people read mail with, when not said. */
  protocols?: readonly string[];
  /** Where it stands: the same in both languages, or each by itself. */
  at: Place | readonly Place[] | Partial<Places>;
  /** Instead of one line at each place. Never called while the setting is idle or as found. */
  render?: (value: Value, context: { values: Values; target: RenderTarget }) => Directive[];
  /** Instead of the value that all places agree on. */
  read?: (tree: ConfigTree, family: Family) => Value | undefined;
}

/** How a kind writes one value into a line, and reads it out of one. */
export interface Coding<Value> {
  encode: (value: Value, family: Family) => string | number | boolean;
  decode: (raw: string, family: Family) => Value | undefined;
}

/** How a kind says its values. */
export interface Wording<Value> {
  /** As it is typed into a form or a command line. */
  text: (value: Value) => string;
  /** As it is said. */
  words: (value: Value) => string;
  /** A change to it, where it isn't "Set … to …". */
  change?: (value: Value) => string;
}

export const AS_FOUND = "as found";

/** Everything of an entry that doesn't depend on its kind. */
export function entryFrom<Key extends string, Value extends SettingValue>(
  spec: Spec<Key, Value>,
  { encode, decode }: Coding<Value>,
  { text, words, change = (value) => `Set ${spec.label} to ${words(value)}` }: Wording<Value>,
) {
  const places = placesOf(spec.at);
  const own = (values: Values) => (values[spec.key] ?? null) as Value | null;
  return {
    key: spec.key,
    label: spec.label,
    help: spec.help,
    default: spec.default,
    dovecotDefault: spec.dovecotDefault,
    since: spec.since ?? ("2.3" as const),
    risk: spec.risk,
    rules: spec.rules ?? [],
    idle: spec.idle,
    protocols: spec.protocols ?? ["imap", "pop3"],
    mayBeUnset: true,
    places,
    text: (wanted: Wanted) => (wanted === null ? "" : text(wanted as Value)),
    words: (wanted: Wanted) => (wanted === null ? AS_FOUND : words(wanted as Value)),
    sentence: (to: Wanted) =>
      to === null ? `Leave ${spec.label} to the server's own files` : change(to as Value),
    render(values: Values, target: RenderTarget): Directive[] {
      const value = own(values);
      if (value === null || spec.idle?.when(values) || places[target.family].length === 0) return [];
      if (spec.render) return spec.render(value, { values, target });
      return places[target.family].map((where) => set(where, encode(value, target.family)));
    },
    read(tree: ConfigTree, family: Family): Value | undefined {
      if (spec.read) return spec.read(tree, family);
      return agreed(
        places[family].map((where) => {
          const raw = valueAt(tree, where);
          return raw === undefined ? undefined : decode(raw, family);
        }),
      );
    },
    needs: () => "reload" as const,
  };
}

export function place(name: string, ...block: BlockPath): Place {
  return { block, name };
}

export function set({ block, name }: Place, value: string | number | boolean): Directive {
  return { kind: "set", block, name, value };
}

/** What a person may type for "not set here" and for "the default", whatever the kind. */
export function wantedSchema<Value extends SettingValue>(
  schema: z.ZodType<Value>,
  fallback: Value | null,
): z.ZodType<Value | null> {
  return z.unknown().transform((given, context): Value | null => {
    const word = typeof given === "string" ? given.trim() : given;
    if (word === null || word === "") return null;
    if (word === "default") return fallback;
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    for (const { message } of parsed.error.issues) context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** A value that can't be taken, as a person recognises it: short, and safe to print. */
export function quoted(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function placesOf(at: Place | readonly Place[] | Partial<Places>): Places {
  if ("name" in at) return { "2.3": [at], "2.4": [at] };
  if (isList(at)) return { "2.3": at, "2.4": at };
  return { "2.3": at["2.3"] ?? [], "2.4": at["2.4"] ?? [] };
}

function isList(at: readonly Place[] | Partial<Places>): at is readonly Place[] {
  return Array.isArray(at);
}

function agreed<Value extends SettingValue>(found: readonly (Value | undefined)[]): Value | undefined {
  const [first, ...others] = found;
  return others.every((other) => other === first) ? first : undefined;
}
