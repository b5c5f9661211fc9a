import type { Metadata } from "next";
import { ImportForm } from "@/components/accounts/import-form";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { serverZone } from "@/lib/server/local-time";
import { requireOperator } from "@/lib/server/web/session";
import { check, importChecked } from "./actions";

export const metadata: Metadata = { title: "Import rules" };

const COLUMNS = [
  { name: "address", says: "an account, @domain for a domain, * for everybody" },
  { name: "imap, pop3", says: "allow, deny or inherit (no rule); empty: left as it is" },
  { name: "until", says: "when the rules of the line end, for instance 2026-11-27 18:00" },
  { name: "reason", says: "why; it stays in the history" },
];

export default async function ImportPage() {
  await requireOperator("accounts.list");
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Accounts", href: "/accounts" },
          { label: "Import rules" },
        ]}
      />
      <div className="space-y-1">
        <h1>Import rules</h1>
        <p className="text-ink-soft">
          A file of rules for accounts, domains or everybody, as one change that can be taken back. A file
          with a bad line changes nothing. An exported file can be edited and given back.
        </p>
      </div>
      <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[8rem_1fr]">
        {COLUMNS.map(({ name, says }) => (
          <div key={name} className="contents">
            <dt>
              <code>{name}</code>
            </dt>
            <dd className="text-ink-soft">
              {says}
              {name === "until" ? ` (${serverZone()} where no zone is named)` : ""}
            </dd>
          </div>
        ))}
      </dl>
      <ImportForm check={check} importChecked={importChecked} />
    </div>
  );
}
