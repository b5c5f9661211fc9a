import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface SessionFiltersProps {
  given: Readonly<Record<string, string>>;
  problems: readonly { key: string; message: string }[];
  /** Those that somebody is connected by. */
  protocols: readonly string[];
}

const SECURITIES = [
  { value: "", label: "any" },
  { value: "tls", label: "TLS" },
  { value: "starttls", label: "STARTTLS" },
  { value: "encrypted", label: "TLS or STARTTLS" },
  { value: "local", label: "nothing, from this host" },
  { value: "cleartext", label: "nothing" },
  { value: "unknown", label: "not known" },
];

export function SessionFilters({ given, problems, protocols }: SessionFiltersProps) {
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  const known = [...new Set(["imap", "pop3", ...protocols, ...(given.protocol ? [given.protocol] : [])])];
  return (
    <Form action="/sessions" role="search" aria-label="Sessions" prefetch={false}>
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-[2fr_1fr_1fr_1fr_1fr_auto]">
        <div className="col-span-2 md:col-span-1">
          <Field
            key={given.q}
            id="search"
            name="q"
            type="search"
            label="Account"
            placeholder="any part of a name"
            autoComplete="off"
            defaultValue={given.q ?? ""}
            problem={problem("q")}
          />
        </div>
        <Select
          key={`protocol ${given.protocol}`}
          id="filter-protocol"
          name="protocol"
          label="Protocol"
          defaultValue={given.protocol ?? ""}
          options={[
            { value: "", label: "any" },
            ...known.map((value) => ({ value, label: value.toUpperCase() })),
          ]}
          problem={problem("protocol")}
        />
        <Field
          key={`from ${given.from}`}
          id="filter-from"
          name="from"
          label="From"
          placeholder="192.0.2."
          autoComplete="off"
          defaultValue={given.from ?? ""}
          problem={problem("from")}
        />
        <Select
          key={`security ${given.security}`}
          id="filter-security"
          name="security"
          label="Protected by"
          defaultValue={given.security ?? ""}
          options={SECURITIES}
          problem={problem("security")}
        />
        <Field
          key={`idle ${given.idle}`}
          id="filter-idle"
          name="idle"
          label="Idle, minutes"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={given.idle ?? ""}
          problem={problem("idle")}
        />
        <Button>Search</Button>
      </div>
      {Object.keys(given).length > 0 ? (
        <p className="pt-2 text-sm">
          <Link href="/sessions" prefetch={false}>
            Clear all
          </Link>
        </p>
      ) : null}
    </Form>
  );
}
