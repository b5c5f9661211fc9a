import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface AuditFiltersProps {
  /** What the URL names, also where it can't be used. */
  given: Readonly<Record<string, string>>;
  problems: readonly { key: string; message: string }[];
  /** Those that an entry has. */
  actions: readonly string[];
  outcomes: readonly string[];
  zone: string;
}

/** A form by GET: what it asks for is the address, and can be bookmarked. */
export function AuditFilters({ given, problems, actions, outcomes, zone }: AuditFiltersProps) {
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  const text = (name: string) => ({
    key: `${name} ${given[name]}`,
    id: `filter-${name}`,
    name,
    autoComplete: "off",
    defaultValue: given[name] ?? "",
    problem: problem(name),
  });
  const choice = (name: string, known: readonly string[]) => ({
    id: `filter-${name}`,
    name,
    defaultValue: given[name] ?? "",
    problem: problem(name),
    options: [
      { value: "", label: "any" },
      ...[...new Set([...known, ...(given[name] ? [given[name]] : [])])].map((value) => ({
        value,
        label: value,
      })),
    ],
  });
  const { key: searchKey, ...search } = text("q");
  const { key: whoKey, ...who } = text("who");
  const { key: fromKey, ...from } = text("from");
  const { key: untilKey, ...until } = text("until");
  return (
    <Form action="/audit" role="search" aria-label="Audit" prefetch={false}>
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-[2fr_1fr_1fr_1fr_1fr_1fr_auto]">
        <div className="col-span-2 md:col-span-1">
          <Field
            key={searchKey}
            {...search}
            type="search"
            label="Search"
            placeholder="address, setting, reason"
          />
        </div>
        <Field key={whoKey} {...who} label="Who" placeholder="any part of a name" />
        <Select key={`action ${given.action}`} {...choice("action", actions)} label="Action" />
        <Select key={`outcome ${given.outcome}`} {...choice("outcome", outcomes)} label="Outcome" />
        <Field
          key={fromKey}
          {...from}
          label="From"
          placeholder="2026-11-25"
          title={`A day begins in ${zone}`}
        />
        <Field
          key={untilKey}
          {...until}
          label="Until"
          placeholder="2026-11-30"
          title={`A day ends in ${zone}`}
        />
        <Button>Search</Button>
      </div>
      {Object.keys(given).length > 0 ? (
        <p className="pt-2 text-sm">
          <Link href="/audit" prefetch={false}>
            Clear all
          </Link>
        </p>
      ) : null}
    </Form>
  );
}
