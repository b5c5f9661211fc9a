import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface AccountFiltersProps {
  /** What the URL has, by key; also what can't be used, so that it can be mended. */
  given: Readonly<Record<string, string>>;
  problems: readonly { key: string; message: string }[];
  /** Each narrowing with a link to the list without it. */
  active: readonly { label: string; href: string }[];
}

const ANY = { value: "", label: "any" };
const STATES = [ANY, { value: "allow", label: "allowed" }, { value: "deny", label: "denied" }];

const SELECTS: readonly {
  key: string;
  label: string;
  options: readonly { value: string; label: string }[];
}[] = [
  { key: "imap", label: "IMAP", options: STATES },
  { key: "pop3", label: "POP3", options: STATES },
  {
    key: "override",
    label: "Own rule",
    options: [
      ANY,
      ...options({ any: "has one", none: "has none", allow: "one that allows", deny: "one that denies" }),
    ],
  },
  { key: "suspended", label: "Suspended", options: [ANY, ...options({ yes: "yes", no: "no" })] },
  { key: "differs", label: "Differs from its domain", options: [ANY, ...options({ yes: "yes" })] },
  {
    key: "ending",
    label: "A rule ends within",
    options: [ANY, ...options({ 1: "a day", 7: "7 days", 30: "30 days" })],
  },
  ...(["imap", "pop3"] as const).map((protocol) => ({
    key: `${protocol}-used`,
    label: `${protocol.toUpperCase()} used within`,
    options: [ANY, ...options({ 1: "a day", 7: "7 days", 30: "30 days", 90: "90 days" })],
  })),
  ...(["imap", "pop3"] as const).map((protocol) => ({
    key: `${protocol}-unused`,
    label: `${protocol.toUpperCase()} not used for`,
    options: [ANY, ...options({ 30: "30 days", 90: "90 days", 180: "180 days" })],
  })),
  {
    key: "cleartext",
    label: "Without TLS within",
    options: [ANY, ...options({ 7: "7 days", 30: "30 days", 90: "90 days" })],
  },
  {
    key: "security",
    label: "Last protected by",
    options: [
      ANY,
      ...options({
        tls: "TLS",
        starttls: "STARTTLS",
        encrypted: "TLS or STARTTLS",
        local: "nothing, from this host",
        cleartext: "nothing",
      }),
    ],
  },
  {
    key: "tls",
    label: "Last TLS version",
    options: [
      ANY,
      ...options({
        "TLSv1.3": "TLS 1.3",
        "TLSv1.2": "TLS 1.2",
        "TLSv1.1": "TLS 1.1",
        TLSv1: "TLS 1.0",
        SSLv3: "SSL 3",
        unknown: "not known",
      }),
    ],
  },
  { key: "only", label: "Uses nothing but", options: [ANY, ...options({ imap: "IMAP", pop3: "POP3" })] },
  { key: "proof", label: "Proof", options: [ANY, ...options({ differs: "Dovecot contradicts" })] },
  { key: "note", label: "Note", options: [ANY, ...options({ yes: "has one", no: "has none" })] },
  {
    key: "vanished",
    label: "Vanished",
    options: [{ value: "", label: "left out" }, ...options({ yes: "only these", all: "these too" })],
  },
];

function options(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}

/** The search and the filters: one form whose fields are the keys of the list's URL. */
export function AccountFilters({ given, problems, active }: AccountFiltersProps) {
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  const narrowed = Object.keys(given).some((key) => key !== "q" && key !== "sort" && key !== "limit");
  return (
    <Form action="/accounts" role="search" aria-label="Accounts" prefetch={false} className="space-y-3">
      {["sort", "limit"].map((key) =>
        given[key] === undefined ? null : <input key={key} type="hidden" name={key} value={given[key]} />,
      )}
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 grow basis-64">
          <Field
            key={given.q}
            id="search"
            name="q"
            type="search"
            label="Search"
            placeholder="any part of an address"
            autoComplete="off"
            defaultValue={given.q ?? ""}
            problem={problem("q")}
          />
        </div>
        <Button>Search</Button>
      </div>
      <details open={narrowed || problems.length > 0} className="rounded border border-line bg-surface">
        <summary className="cursor-pointer px-3 py-1.5 text-sm font-medium">Filters</summary>
        <div className="grid gap-3 px-3 pb-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-5">
          <Field
            key={given.domain}
            id="filter-domain"
            name="domain"
            label="Domain"
            autoComplete="off"
            defaultValue={given.domain ?? ""}
            problem={problem("domain")}
          />
          {SELECTS.map(({ key, label, options: choices }) => (
            <Select
              key={`${key} ${given[key]}`}
              id={`filter-${key}`}
              name={key}
              label={label}
              defaultValue={given[key] ?? ""}
              options={withGiven(choices, given[key])}
              problem={problem(key)}
            />
          ))}
        </div>
      </details>
      {active.length > 0 ? (
        <ul aria-label="Active filters" className="flex flex-wrap items-center gap-2 text-sm">
          {active.map(({ label, href }) => (
            <li key={label}>
              <Link
                href={href}
                prefetch={false}
                className="inline-flex min-h-7 items-center gap-2 rounded border border-line-strong px-2 text-ink no-underline hover:bg-raised"
              >
                {label}
                <span aria-hidden="true">×</span>
                <span className="sr-only">: show without</span>
              </Link>
            </li>
          ))}
          <li>
            <Link href="/accounts" prefetch={false}>
              Clear all
            </Link>
          </li>
        </ul>
      ) : null}
    </Form>
  );
}

/** A value that a link gave and the list doesn't offer, such as another number of days, stays chosen. */
function withGiven(choices: readonly { value: string; label: string }[], given: string | undefined) {
  return given === undefined || choices.some(({ value }) => value === given)
    ? choices
    : [...choices, { value: given, label: given }];
}
