import Link from "next/link";
import type { CountsView } from "@/lib/core/access/views";

/** How many accounts of a domain are what, each with a link to the list of them. */
export function DomainCounts({ name, counts }: { name: string; counts: CountsView }) {
  const facts = [
    { label: "Accounts", count: counts.accounts, filter: "" },
    { label: "Exceptions: with a rule of their own", count: counts.exceptions, filter: "&override=any" },
    { label: "IMAP allowed", count: counts.imap.allow, filter: "&imap=allow" },
    { label: "IMAP denied", count: counts.imap.deny, filter: "&imap=deny" },
    { label: "POP3 allowed", count: counts.pop3.allow, filter: "&pop3=allow" },
    { label: "POP3 denied", count: counts.pop3.deny, filter: "&pop3=deny" },
    { label: "Suspended", count: counts.suspended, filter: "&suspended=yes" },
  ];
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 text-sm sm:max-w-md">
      {facts.map(({ label, count, filter }) => (
        <div key={label} className="contents">
          <dt className="text-ink-soft">{label}</dt>
          <dd className="text-right">
            {count > 0 ? (
              <Link href={`/accounts?domain=${encodeURIComponent(name || "@")}${filter}`} prefetch={false}>
                {count.toLocaleString("en")}
                <span className="sr-only">: {label}</span>
              </Link>
            ) : (
              "0"
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
