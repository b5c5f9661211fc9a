import Link from "next/link";
import { PublishedMark } from "@/components/clients/published-mark";
import { RecordTable } from "@/components/clients/record-table";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { HostName } from "@/components/ui/host-name";
import { TimeAgo } from "@/components/ui/time-ago";
import type { ClientsView } from "@/lib/core/client-config/views";

interface DnsSectionProps {
  clients: ClientsView;
  /** A resolver is set. */
  canAsk: boolean;
  path: string;
  now: string;
}

/** What to publish in DNS, and what DNS says, which is asked only when somebody wants to know. */
export function DnsSection({ clients: { records, dns }, canAsk, path, now }: DnsSectionProps) {
  return (
    <section aria-labelledby="dns" className="space-y-4">
      <h2 id="dns">What to publish in DNS</h2>
      {records.length === 0 ? (
        <p>Nothing, while nobody is told anything.</p>
      ) : (
        <>
          {canAsk ? (
            <form action={path} className="flex flex-wrap items-center gap-3">
              <input type="hidden" name="check" value="1" />
              <Button look="quiet">Ask DNS now</Button>
              {dns ? (
                <span className="text-sm text-ink-soft">
                  {dns.resolver} was asked <TimeAgo at={dns.checkedAt} now={now} />.
                </span>
              ) : null}
            </form>
          ) : (
            <p className="text-sm text-ink-soft">
              What DNS says can’t be shown: no resolver is set. <Link href="/settings/clients">Set one</Link>.
            </p>
          )}
          {dns?.host ? (
            <p className="flex flex-wrap gap-x-2 text-sm">
              <span>
                The mail server’s name{" "}
                <code>
                  <HostName name={dns.host.name} />
                </code>
              </span>
              <PublishedMark {...dns.host} />
            </p>
          ) : null}
          <RecordTable records={records} published={dns?.records ?? null} />
          <CopyText
            id="zone"
            label="The same for a zone file"
            text={records.map(({ name, type, data }) => `${name}. IN ${type} ${data}`).join("\n")}
          />
          <p className="text-sm text-ink-soft">
            A target of “.” says that a service is not offered, so that programs don’t guess (RFC 6186).
          </p>
        </>
      )}
    </section>
  );
}
