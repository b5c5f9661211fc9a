import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface DomainFiltersProps {
  given: Readonly<Record<string, string>>;
  problems: readonly { key: string; message: string }[];
}

const ANY = { value: "", label: "any" };
const STATES = [ANY, { value: "allow", label: "allowed" }, { value: "deny", label: "denied" }];
const SELECTS = [
  { key: "imap", label: "IMAP by default", options: STATES },
  { key: "pop3", label: "POP3 by default", options: STATES },
  {
    key: "rules",
    label: "Own rule or suspension",
    options: [ANY, { value: "yes", label: "has one" }, { value: "no", label: "has none" }],
  },
] as const;

export function DomainFilters({ given, problems }: DomainFiltersProps) {
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  return (
    <Form action="/domains" role="search" aria-label="Domains" prefetch={false}>
      {given.limit === undefined ? null : <input type="hidden" name="limit" value={given.limit} />}
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-[2fr_1fr_1fr_1fr_auto]">
        <div className="col-span-2 md:col-span-1">
          <Field
            key={given.q}
            id="search"
            name="q"
            type="search"
            label="Search"
            placeholder="any part of a name"
            autoComplete="off"
            defaultValue={given.q ?? ""}
            problem={problem("q")}
          />
        </div>
        {SELECTS.map(({ key, label, options }) => (
          <Select
            key={`${key} ${given[key]}`}
            id={`filter-${key}`}
            name={key}
            label={label}
            defaultValue={given[key] ?? ""}
            options={options}
            problem={problem(key)}
          />
        ))}
        <Button>Search</Button>
      </div>
      {Object.keys(given).some((key) => key !== "limit") ? (
        <p className="pt-2 text-sm">
          <Link href="/domains" prefetch={false}>
            Clear all
          </Link>
        </p>
      ) : null}
    </Form>
  );
}
