import { z } from "zod";
import type { Range, TextSetting } from "../setting";
import { entryFrom, type Spec, wantedSchema } from "./spec";

interface TextSpec<Key extends string> extends Spec<Key, string> {
  /** Length in characters. */
  range: Range;
  /** The characters it may have, and how they are called in a complaint. */
  characters: { pattern: RegExp; words: string };
}

/** A line of text. Leading and trailing blanks are nobody's intention and are taken off. */
export function text<const Key extends string>(spec: TextSpec<Key>): TextSetting<Key> {
  const entry = entryFrom<Key, string>(
    spec,
    { encode: (value) => value, decode: (raw) => raw },
    { text: (value) => value, words: (value) => (value.length > 40 ? `${value.slice(0, 39)}…` : value) },
  );
  return {
    ...entry,
    type: "text",
    range: spec.range,
    pattern: spec.characters.pattern.source,
    schema: wantedSchema(textSchema(spec), spec.default),
  };
}

function textSchema<Key extends string>({ range, characters }: TextSpec<Key>): z.ZodType<string> {
  return z.unknown().transform((given, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (typeof given !== "string") return refuse("must be a text");
    const value = given.trim();
    if (value.length < range.min || value.length > range.max)
      return refuse(
        `must have ${range.min} to ${range.max.toLocaleString("en-GB")} characters, and has ${value.length}`,
      );
    if (!characters.pattern.test(value)) return refuse(`may hold only ${characters.words}`);
    return value;
  });
}
