import type { Metadata } from "next";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { DifferenceNotices } from "@/components/mailserver/difference-notices";
import { MailserverForm } from "@/components/mailserver/mailserver-form";
import { RevisionFacts } from "@/components/mailserver/revision-facts";
import { catalogue } from "@/lib/core/settings/catalogue";
import { differences, type MailserverStatus } from "@/lib/server/mailserver/status";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { apply, save } from "./actions";

export const metadata: Metadata = { title: "Mailserver Configuration" };

export default async function MailserverPage() {
  await requireOperator("mailserver.read");
  const status = await recentStatus();
  const checkedAt = status.checkedAt.toISOString();
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Service Configuration" },
          { label: "Mailserver Configuration" },
        ]}
      />
      <div>
        <h1>Mailserver Configuration</h1>
        <p className="mt-1 text-ink-soft">
          What people may read their mail with, on the whole server. A port is called open or closed here when
          a probe saw it so.
        </p>
      </div>
      <DifferenceNotices
        differences={differences(status)}
        edited={status.files !== "as-applied"}
        apply={apply}
      />
      <MailserverForm
        action={save}
        revision={status.wanted.number}
        checkedAt={checkedAt}
        edited={status.files === "edited"}
        protocols={[protocolProps("imap", status), protocolProps("pop3", status)]}
        lmtp={{ listeners: status.listeners.filter(({ protocol }) => protocol === "lmtp") }}
        sessions={status.sessions}
        shutdownClients={status.dovecot.shutdownClients}
      />
      <RevisionFacts
        wanted={{ ...status.wanted, createdAt: status.wanted.createdAt.toISOString() }}
        inForce={status.inForce ? { ...status.inForce, since: status.inForce.since.toISOString() } : null}
        version={status.dovecot.version}
        checkedAt={checkedAt}
      />
    </div>
  );
}

function protocolProps(key: "imap" | "pop3", status: MailserverStatus) {
  const { label, help } = catalogue[key];
  return {
    key,
    label,
    help,
    on: status.wanted.values[key],
    listeners: status.listeners.filter(({ protocol }) => protocol === key),
  };
}
