import { z } from "zod";
import type { ChoiceSetting, Option } from "../setting";
import { entryFrom, quoted, type Spec, wantedSchema } from "./spec";

interface ChoiceSpec<Key extends string> extends Spec<Key, string> {
  /** In the order of the page. `written` is what stands in the file, where it isn't the value itself. */
  options: readonly (Option & { written?: string })[];
}

/** One of a few. */
export function choice<const Key extends string>(spec: ChoiceSpec<Key>): ChoiceSetting<Key> {
  const { options } = spec;
  const option = (value: unknown) => options.find((one) => one.value === value);
  const entry = entryFrom<Key, string>(
    spec,
    {
      encode: (value) => option(value)?.written ?? value,
      decode: (raw) => options.find(({ value, written = value }) => written === raw)?.value,
    },
    { text: (value) => value, words: (value) => option(value)?.label ?? value },
  );
  return {
    ...entry,
    type: "choice",
    options: options.map(({ value, label }) => ({ value, label })),
    schema: wantedSchema(choiceSchema(options), spec.default),
  };
}

/** Upper and lower case are the same to a person who types `tlsv1.2`. */
function choiceSchema(options: readonly Option[]): z.ZodType<string> {
  return z.unknown().transform((given, context) => {
    const word = typeof given === "string" ? given.trim().toLowerCase() : undefined;
    const found = options.find(({ value }) => value.toLowerCase() === word);
    if (found) return found.value;
    const known = options.map(({ value }) => value).join(", ");
    context.addIssue({ code: "custom", message: `must be one of ${known}, not ${quoted(given)}` });
    return z.NEVER;
  });
}
