import { z } from "zod";
import type { AddressesSetting, Range } from "../setting";
import { entryFrom, quoted, type Spec, wantedSchema } from "./spec";

interface AddressesSpec<Key extends string> extends Spec<Key, readonly string[]> {
  /** How many. */
  range: Range;
}

/** Dovecot 2.3 takes the dots of `::ffff:192.0.2.1` for a port of an older spelling (measured), so there are none. */
const address = z.union([z.ipv4(), z.ipv6().regex(/^[0-9a-f:]+$/i)]);

/** A list of IP addresses: an array in JSON, commas or blanks between them where a person types. */
export function addresses<const Key extends string>(spec: AddressesSpec<Key>): AddressesSetting<Key> {
  const listed = (value: readonly string[]) => value.join(", ");
  const entry = entryFrom<Key, readonly string[]>(
    spec,
    {
      encode: (value, family) => value.join(family === "2.3" ? ", " : " "),
      decode: (raw) => split(raw),
    },
    { text: listed, words: listed },
  );
  return {
    ...entry,
    type: "addresses",
    range: spec.range,
    schema: wantedSchema(addressesSchema(spec.range), spec.default),
  };
}

function addressesSchema({ min, max }: Range): z.ZodType<readonly string[]> {
  return z.unknown().transform((given, context): readonly string[] => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const parts =
      typeof given === "string" ? split(given) : Array.isArray(given) ? (given as unknown[]) : undefined;
    if (!parts) return refuse("must be a list of IP addresses");
    const wrong = parts.filter((part) => !address.safeParse(part).success);
    if (wrong.length > 0) return refuse(`must be IP addresses, and ${wrong.map(quoted).join(", ")} is none`);
    const list = parts.map((part) => String(part).toLowerCase());
    if (new Set(list).size < list.length) return refuse("must not name an address twice");
    if (list.length < min || list.length > max) return refuse(`must be ${min} to ${max} addresses`);
    return list;
  });
}

/** Square brackets around an IPv6 address are Dovecot's habit and some people's. */
function split(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((part) => part.replace(/^\[(.*)\]$/, "$1"));
}
