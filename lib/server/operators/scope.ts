import { z } from "zod";
import { parseDomain } from "@/lib/core/access/name";
import type { Scope } from "@/lib/core/operators/roles";

const MOST_DOMAINS = 1000;
const stored = z.array(z.string());

/** What can't be read is no domain at all, and never all of them. */
export function scopeFrom(text: string | null | undefined): Scope {
  if (text === null || text === undefined) return null;
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

export function scopeText(scope: Scope): string | null {
  return scope === null ? null : JSON.stringify(scope);
}

export function scopeWords(scope: Scope): string {
  if (scope === null) return "the whole server";
  return scope.length === 0 ? "no domain" : scope.map((name) => name || "@").join(", ");
}

/** Domains as they are typed, with blanks, commas or lines between; `@` for accounts without one; empty for all of the server. */
export const typedScope = z
  .string()
  .max(100_000, "That is too long.")
  .transform((text, context): Scope => {
    const words = text.split(/[\s,;]+/).filter(Boolean);
    if (words.length === 0) return null;
    if (words.length > MOST_DOMAINS) {
      context.addIssue({ code: "custom", message: `Enter at most ${MOST_DOMAINS} domains.` });
      return [];
    }
    const domains = words.flatMap((word) => {
      if (word === "@") return [""];
      const name = word.replace(/^@/, "");
      const domain = parseDomain(name);
      if (domain.ok && !name.includes("@") && name !== "*") return [domain.name];
      const complaint = domain.ok ? `${JSON.stringify(word)} is no domain.` : domain.message;
      context.addIssue({ code: "custom", message: complaint });
      return [];
    });
    return [...new Set(domains)].toSorted();
  });
