import { z } from "zod";
import { listIn } from "../../dovecot/doveconf";
import type { Family } from "../../dovecot/version";
import type { Need, SwitchSetting, Wanted } from "../setting";
import { entryFrom, quoted, type Spec, wantedSchema } from "./spec";

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
    context.addIssue({ code: "custom", message: `must be on or off, not ${quoted(given)}` });
    return z.NEVER;
  }
  return value;
});

interface SwitchSpec<Key extends string> extends Spec<Key, boolean> {
  /** What stands in the file for on and for off, where it isn't `yes` and `no`. */
  written?: Record<"on" | "off", string> | Record<Family, Record<"on" | "off", string>>;
}

/** On or off. */
export function switchSetting<const Key extends string>(spec: SwitchSpec<Key>): SwitchSetting<Key> {
  const written = (family: Family) => {
    const words = spec.written ?? { on: "yes", off: "no" };
    return "on" in words ? words : words[family];
  };
  const entry = entryFrom<Key, boolean>(
    spec,
    {
      encode: (on, family) => written(family)[on ? "on" : "off"],
      decode: (raw, family) =>
        raw === written(family).on ? true : raw === written(family).off ? false : undefined,
    },
    { text: onOff, words: onOff, change: (on) => `Turn ${onOff(on)} ${spec.label}` },
  );
  return { ...entry, type: "switch", schema: wantedSchema(switchSchema, spec.default) };
}

type ProtocolSpec<Key extends string> = Pick<Spec<Key, boolean>, "label" | "help" | "risk"> & {
  key: Key;
  default: boolean;
};

/** A protocol that people can be shut out of: closing it is a stop, opening it a reload. */
export function protocolSwitch<const Key extends "imap" | "pop3">(
  facts: ProtocolSpec<Key>,
): SwitchSetting<Key> & {
  readonly schema: z.ZodType<boolean>;
} {
  const { key, label } = facts;
  const protocols = { block: [], name: "protocols" };
  const entry = entryFrom<Key, boolean>(
    { ...facts, at: protocols, protocols: [key] },
    { encode: (on) => on, decode: () => undefined },
    { text: onOff, words: onOff, change: (on) => `${on ? "Open" : "Close"} ${label}` },
  );
  return {
    ...entry,
    type: "switch",
    mayBeUnset: false,
    schema: switchSchema,
    needs: (_from: Wanted, to: Wanted): Need => (to === true ? "reload" : "stop"),
    render: (values) => [{ kind: "member", list: "protocols", member: key, on: values[key] === true }],
    read: (tree) => listIn(tree.asked, "protocols").includes(key),
  };
}

function onOff(on: boolean): string {
  return on ? "on" : "off";
}
