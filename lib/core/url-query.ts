import type { z } from "zod";
import type { FieldProblem } from "./settings/schema";

/** The parameters of a URL, as Next gives them. */
export type UrlParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

export type UrlRead<T> =
  /** Canonical: without fields that a form sent empty. */
  | { ok: true; query: T; isCanonical: boolean }
  /** What was given stays, so that it can be mended in the form. */
  | { ok: false; problems: FieldProblem[]; given: Readonly<Record<string, string>> };

/** The state of a list as the part of a URL after its path, both ways. */
export interface UrlQuery<T> {
  /**
   * A field that a form sent empty counts as not given. A value that can't be used makes the whole query unusable: a filter
   * that is left out would take in more than was asked for.
   */
  parse(parameters: UrlParameters): UrlRead<T>;
  /** Keys in one order, and none that says nothing. */
  search(query: Partial<T>): string;
}

/** `write` is for values that read differently than they are. */
export function urlQuery<Schema extends z.ZodObject>(
  schema: Schema,
  write: (key: string, value: unknown) => string = (_key, value) => String(value),
): UrlQuery<z.infer<Schema>> {
  const keys = Object.keys(schema.shape);
  const plain = schema.parse({}) as Record<string, unknown>;
  return {
    parse(parameters) {
      const given: Record<string, string> = {};
      let isCanonical = true;
      for (const key of keys) {
        const value = firstOf(parameters[key]);
        if (value === undefined) continue;
        if (value.trim() === "") isCanonical = false;
        else given[key] = value;
      }
      const parsed = schema.safeParse(given);
      if (parsed.success) return { ok: true, query: parsed.data, isCanonical };
      return { ok: false, problems: parsed.error.issues.map((issue) => problem(issue, given)), given };
    },
    search(query) {
      const parameters = new URLSearchParams();
      for (const key of keys) {
        const value = (query as Record<string, unknown>)[key];
        if (value !== undefined && value !== plain[key]) parameters.set(key, write(key, value));
      }
      const text = parameters.toString();
      return text === "" ? "" : `?${text}`;
    },
  };
}

function firstOf(value: UrlParameters[string]): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

function problem(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): FieldProblem {
  const key = String(issue.path[0]);
  const known =
    "values" in issue
      ? `It is one of: ${issue.values.map(String).join(", ")}.`
      : issue.message.replace(/\.?$/, ".");
  return { key, message: `${key} = ${JSON.stringify(given[key]?.slice(0, 80))} can't be used. ${known}` };
}
