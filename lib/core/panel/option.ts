import type { z } from "zod";
import type { FieldProblem } from "../settings/schema";

/** Something that is set for the panel itself, not for the mail daemon. */
export interface Option<Value> {
  label: string;
  help: string;
  /** What it is typed into. A secret is never shown again. */
  type: "text" | "number" | "choice" | "switch" | "secret";
  choices?: readonly { value: string; label: string }[];
  /** As it is typed; a switch is "on" or "off". */
  default: string;
  /** From what is typed; its message is read beside the field. */
  schema: z.ZodType<Value, string>;
}

type Options = Readonly<Record<string, Option<unknown>>>;

/** Options that are shown and saved together. */
export interface OptionGroup<Of extends Options = Options> {
  label: string;
  help: string;
  options: Of;
  /** What is wrong with values that are each right. */
  together?(values: ValuesOf<OptionGroup<Of>>): FieldProblem[];
}

export type ValuesOf<Group> =
  Group extends OptionGroup<infer Of>
    ? { [Key in keyof Of]: Of[Key] extends Option<infer Value> ? Value : never }
    : never;

/** As they are typed, by option. */
export type TypedOptions = Readonly<Record<string, string>>;

export type ReadOptions<Group> =
  | { ok: true; values: ValuesOf<Group> }
  | { ok: false; problems: FieldProblem[] };

/** Defaults stand for what was not typed. */
export function readOptions<Of extends Options>(
  group: OptionGroup<Of>,
  typed: TypedOptions,
): ReadOptions<OptionGroup<Of>> {
  const problems: FieldProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(group.options)) {
    const read = option.schema.safeParse(typed[key] ?? option.default);
    if (read.success) values[key] = read.data;
    else problems.push({ key, message: read.error.issues[0]?.message ?? "It can't be used." });
  }
  const all = values as ValuesOf<OptionGroup<Of>>;
  if (problems.length === 0) problems.push(...(group.together?.(all) ?? []));
  return problems.length === 0 ? { ok: true, values: all } : { ok: false, problems };
}

/** What differs, a sentence each; a secret is never told. */
export function optionSentences(group: OptionGroup, before: TypedOptions, after: TypedOptions): string[] {
  return Object.entries(group.options).flatMap(([key, option]) => {
    const from = before[key] ?? option.default;
    const to = after[key] ?? option.default;
    if (from === to) return [];
    if (option.type === "secret") return [`${option.label}: ${to === "" ? "removed" : "set"}`];
    return [`${option.label}: ${wordsFor(option, from)} → ${wordsFor(option, to)}`];
  });
}

function wordsFor({ choices }: Pick<Option<unknown>, "choices">, typed: string): string {
  return choices?.find(({ value }) => value === typed)?.label ?? (typed === "" ? "none" : typed);
}
