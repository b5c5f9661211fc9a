import type { Metadata } from "next";
import Link from "next/link";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { DifferenceNotices } from "@/components/mailserver/difference-notices";
import { MailserverForm } from "@/components/mailserver/mailserver-form";
import { ProfileChoice } from "@/components/mailserver/profile-choice";
import { reloadSentence } from "@/components/mailserver/reload-consequence";
import { RevisionFacts } from "@/components/mailserver/revision-facts";
import { SEARCH_FORM } from "@/components/mailserver/search-field";
import { isSettingKey, settingKeys, settingOf } from "@/lib/core/settings/catalogue";
import { profileOf, profiles } from "@/lib/core/settings/profiles";
import { effectiveSettings } from "@/lib/server/mailserver/effective";
import { profileView, sectionViews } from "@/lib/server/mailserver/setting-views";
import { differences, type MailserverStatus } from "@/lib/server/mailserver/status";
import type { MailNode } from "@/lib/server/node";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { apply, save } from "./actions";

export const metadata: Metadata = { title: "Mailserver Configuration" };

interface MailserverPageProps {
  /** `q` searches, `preset` fills the form with a profile, `effective` (a key, or all) reads what Dovecot has. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function MailserverPage({ searchParams }: MailserverPageProps) {
  const operator = await requireOperator("mailserver.read");
  const { q, preset, effective } = await searchParams;
  const status = await recentStatus();
  const now = new Date().toISOString();
  const consequences = {
    sessions: status.sessions,
    shutdownClients: status.dovecot.shutdownClients,
    settled: status.settled,
  };
  const lmtp = listenersOf("lmtp", status);
  const profile = profileOf(text(preset));
  const chosen = profile ? profileView(profile, status) : null;
  const { settings: seen, trouble } = await seenEffective(await nodeFor(operator), text(effective), status);
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
          What people may read their mail with, and how, on the whole server. A port is called open or closed
          here when a probe saw it so.
        </p>
      </div>
      <DifferenceNotices
        differences={differences(status)}
        edited={status.files !== "as-applied"}
        edit={status.edit}
        consequence={reloadSentence(consequences)}
        apply={apply}
      />
      <form id={SEARCH_FORM} method="get" action="/mailserver" role="search" aria-label="Settings" />
      <MailserverForm
        action={save}
        revision={status.wanted.number}
        edited={status.files === "edited"}
        protocols={{
          protocols: [protocolProps("imap", status), protocolProps("pop3", status)],
          lmtp: {
            on: lmtp === null || lmtp.length > 0 || status.protocols.includes("lmtp"),
            listeners: lmtp,
          },
          checkedAt: status.checkedAt.toISOString(),
          now,
        }}
        sections={sectionViews(status, seen)}
        consequences={consequences}
        filled={chosen ? { name: chosen.key, typed: chosen.typed } : null}
        search={text(q)}
      >
        <ProfileChoice
          profiles={profiles
            .filter(({ key }) => key !== "default")
            .map(({ key, label, help }) => ({ key, label, help }))}
          chosen={chosen}
        />
      </MailserverForm>
      <p className="text-sm text-ink-soft">
        {trouble ? `${trouble} ` : ""}
        <Link href="/mailserver?effective=all" prefetch={false}>
          Show beside every setting what Dovecot has
        </Link>
        {" · "}
        <Link href="/mailserver/history" prefetch={false}>
          History, compare and undo
        </Link>
      </p>
      <RevisionFacts
        wanted={{ ...status.wanted, createdAt: status.wanted.createdAt.toISOString() }}
        inForce={status.inForce ? { ...status.inForce, since: status.inForce.since.toISOString() } : null}
        version={status.dovecot.version}
        now={now}
      />
    </div>
  );
}

/** Only where it was asked for: it takes two runs of `doveconf` and a walk through the server's files. */
async function seenEffective(node: MailNode, asked: string, { wanted }: MailserverStatus) {
  const keys = asked === "all" ? settingKeys : [asked].filter(isSettingKey);
  return keys.length > 0
    ? await effectiveSettings(node, wanted.values, keys)
    : { settings: [], trouble: null };
}

function protocolProps<Key extends "imap" | "pop3">(key: Key, status: MailserverStatus) {
  const { label, help } = settingOf(key);
  return { key, label, help, on: status.wanted.values[key], listeners: listenersOf(key, status) };
}

/** Null when it is not known which there are. */
function listenersOf(key: string, { listeners, listenersKnown }: MailserverStatus) {
  return listenersKnown ? listeners.filter(({ protocol }) => protocol === key) : null;
}

function text(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
}
