import type { Metadata } from "next";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { DifferenceNotices } from "@/components/mailserver/difference-notices";
import { MailserverForm } from "@/components/mailserver/mailserver-form";
import { reloadSentence } from "@/components/mailserver/reload-consequence";
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
  const now = new Date().toISOString();
  const consequences = {
    sessions: status.sessions,
    shutdownClients: status.dovecot.shutdownClients,
    settled: status.settled,
  };
  const lmtp = listenersOf("lmtp", status);
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
        edit={status.edit}
        consequence={reloadSentence(consequences)}
        apply={apply}
      />
      <MailserverForm
        action={save}
        revision={status.wanted.number}
        checkedAt={checkedAt}
        now={now}
        edited={status.files === "edited"}
        protocols={[protocolProps("imap", status), protocolProps("pop3", status)]}
        lmtp={{ on: lmtp === null || lmtp.length > 0 || status.protocols.includes("lmtp"), listeners: lmtp }}
        consequences={consequences}
      />
      <RevisionFacts
        wanted={{ ...status.wanted, createdAt: status.wanted.createdAt.toISOString() }}
        inForce={status.inForce ? { ...status.inForce, since: status.inForce.since.toISOString() } : null}
        version={status.dovecot.version}
        now={now}
      />
    </div>
  );
}

function protocolProps<Key extends "imap" | "pop3">(key: Key, status: MailserverStatus) {
  const { label, help } = catalogue[key];
  return { key, label, help, on: status.wanted.values[key], listeners: listenersOf(key, status) };
}

/** Null when it is not known which there are. */
function listenersOf(key: string, { listeners, listenersKnown }: MailserverStatus) {
  return listenersKnown ? listeners.filter(({ protocol }) => protocol === key) : null;
}
