import Link from "next/link";
import type { ReactNode } from "react";
import type { FieldProblem } from "@/lib/core/settings/schema";

interface HistoryFiltersProps {
  /** What the URL names, also where it can't be used. */
  given: Readonly<Record<string, string>>;
  problems: readonly FieldProblem[];
  authors: readonly string[];
  origins: readonly string[];
  outcomes: readonly { value: string; label: string }[];
}

/** A form by GET: what it asks for is the address, and can be bookmarked. */
export function HistoryFilters({ given, problems, authors, origins, outcomes }: HistoryFiltersProps) {
  const active = ["q", "author", "origin", "outcome"].some((key) => given[key]);
  return (
    <search>
      <form method="get" className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <label className="grow text-sm">
          <span className="block font-medium">Search</span>
          <input
            type="search"
            name="q"
            defaultValue={given.q ?? ""}
            placeholder="setting, reason, author, number"
            autoComplete="off"
            className="w-full min-w-40 rounded border border-line-strong bg-surface px-2 py-1 placeholder:text-ink-soft"
          />
        </label>
        <Choice name="author" label="By" given={given.author} options={authors.map(plain)} />
        <Choice name="origin" label="Made at" given={given.origin} options={origins.map(plain)} />
        <Choice name="outcome" label="Outcome" given={given.outcome} options={outcomes} />
        <button
          type="submit"
          className="min-h-8 cursor-pointer rounded border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-raised"
        >
          Find
        </button>
        {active ? (
          <Link href="/mailserver/history" className="py-1 text-sm">
            Show all
          </Link>
        ) : null}
      </form>
      {problems.map(({ message }) => (
        <p key={message} className="mt-1 text-sm text-bad">
          {message}
        </p>
      ))}
    </search>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  given: string | undefined;
  options: readonly { value: string; label: string }[];
}

function Choice({ name, label, given, options }: ChoiceProps): ReactNode {
  return (
    <label className="text-sm">
      <span className="block font-medium">{label}</span>
      <select
        name={name}
        defaultValue={given ?? ""}
        className="max-w-44 rounded border border-line-strong bg-surface px-2 py-1"
      >
        <option value="">Any</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function plain(value: string) {
  return { value, label: value };
}
