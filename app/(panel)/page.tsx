import type { Metadata } from "next";
import Link from "next/link";
import { NeedsList } from "@/components/home/needs-list";
import { ProtocolCard } from "@/components/home/protocol-card";
import { RecentList } from "@/components/home/recent-list";
import { database } from "@/lib/server/database/client";
import { needsOf } from "@/lib/server/overview/needs";
import { portsOf } from "@/lib/server/overview/ports";
import { recentChanges } from "@/lib/server/overview/recent";
import { recentEnforcement } from "@/lib/server/web/enforcement";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";

export const metadata: Metadata = { title: "Home" };

const RECENT = 8;

export default async function HomePage() {
  await requireOperator("mailserver.read");
  const [status, enforcement, changes] = await Promise.all([
    recentStatus(),
    recentEnforcement(),
    recentChanges(database(), RECENT),
  ]);
  const needs = await needsOf(database(), status, enforcement);
  const { dovecot } = status;
  return (
    <div className="space-y-6">
      <div>
        <h1>Home</h1>
        <p className="text-ink-soft">
          {dovecot.running
            ? `Dovecot ${dovecot.version} runs.`
            : "Dovecot is not running: nobody can read mail."}
        </p>
      </div>
      <section aria-labelledby="mail" className="space-y-3">
        <h2 id="mail">Mail</h2>
        <div className="grid gap-4 sm:grid-cols-2">
          {portsOf(status).map((ports) => (
            <ProtocolCard key={ports.protocol} {...ports} listenersKnown={status.listenersKnown} />
          ))}
        </div>
      </section>
      <section aria-labelledby="needs" className="space-y-3">
        <h2 id="needs">Needs somebody</h2>
        <NeedsList needs={needs} />
      </section>
      <section aria-labelledby="recent" className="space-y-3">
        <h2 id="recent">Last changes</h2>
        <RecentList
          changes={changes.map(({ at, ...change }) => ({ ...change, at: at.toISOString() }))}
          now={new Date().toISOString()}
        />
        <p className="text-sm">
          <Link href="/mailserver/history">All changes of the settings</Link>
        </p>
      </section>
    </div>
  );
}
