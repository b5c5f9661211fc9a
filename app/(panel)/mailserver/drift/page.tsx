import type { Metadata } from "next";
import { DriftList } from "@/components/drift/drift-list";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { reloadSentence } from "@/components/mailserver/reload-consequence";
import { Notice } from "@/components/ui/notice";
import { database } from "@/lib/server/database/client";
import { standingDrift } from "@/lib/server/drift/record";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { settle } from "./actions";

export const metadata: Metadata = { title: "Drift" };

export default async function DriftPage() {
  await requireOperator("mailserver.read");
  const [drift, { sessions, dovecot }] = await Promise.all([standingDrift(database()), recentStatus()]);
  return (
    <div className="space-y-4">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "Drift" },
        ]}
      />
      <div>
        <h1>What changed besides Portcullis</h1>
        <p className="mt-1 text-ink-soft">
          Files, daemon and certificate are watched; what is found here is never overwritten by itself.
        </p>
      </div>
      {drift.length === 0 ? (
        <Notice tone="good" title="Everything is as Portcullis left it." />
      ) : (
        <DriftList
          drift={drift.map(({ since, ...one }) => ({ ...one, since: since.toISOString() }))}
          now={new Date().toISOString()}
          consequence={reloadSentence({ sessions, shutdownClients: dovecot.shutdownClients })}
          settle={settle}
        />
      )}
    </div>
  );
}
