import type { Metadata } from "next";
import Link from "next/link";
import { AlertTable } from "@/components/alerts/alert-table";
import { ChannelCard } from "@/components/alerts/channel-card";
import { DeliveryTable } from "@/components/alerts/delivery-table";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { alertViews, channelViews, deliveryViews } from "@/lib/server/alerts/views";
import { database } from "@/lib/server/database/client";
import { requireOperator } from "@/lib/server/web/session";
import { testChannel } from "./actions";

export const metadata: Metadata = { title: "Alerts" };

const OVER_SHOWN = 20;
const DELIVERIES_SHOWN = 30;

export default async function AlertsPage() {
  await requireOperator("alerts.read");
  const db = database();
  const [standing, over, channels, deliveries] = await Promise.all([
    alertViews(db, { stands: true }),
    alertViews(db, { stands: false, limit: OVER_SHOWN }),
    channelViews(db),
    deliveryViews(db, DELIVERIES_SHOWN),
  ]);
  const now = new Date().toISOString();
  const isSetUp = channels.some(({ to }) => to !== null);
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Alerts" }]} />
        <h1>Alerts</h1>
        <p className="text-ink-soft">
          Looked for every 15 seconds, whether or not anybody watches.{" "}
          {isSetUp ? null : "Nobody is told yet: no channel is set up. "}
          <Link href="/settings/alerts">Settings of alerts</Link>
        </p>
      </div>
      <section aria-labelledby="standing" className="space-y-3">
        <h2 id="standing">What stands</h2>
        <AlertTable
          label="What stands"
          alerts={standing}
          now={now}
          none="Nothing: everything that is wanted is in force."
        />
      </section>
      <section aria-labelledby="channels" className="space-y-3">
        <h2 id="channels">Channels</h2>
        <div className="grid gap-4 md:grid-cols-2">
          {channels.map((channel) => (
            <ChannelCard key={channel.channel} view={channel} now={now} test={testChannel} />
          ))}
        </div>
      </section>
      <section aria-labelledby="sent" className="space-y-3">
        <h2 id="sent">What was sent</h2>
        <DeliveryTable deliveries={deliveries} now={now} />
      </section>
      <section aria-labelledby="over" className="space-y-3">
        <h2 id="over">What was over lately</h2>
        <AlertTable
          label="What was over lately"
          alerts={over}
          now={now}
          none="Nothing in the last 90 days."
        />
      </section>
    </div>
  );
}
