import type { Metadata } from "next";
import Link from "next/link";
import { SpanChoice } from "@/components/charts/span-choice";
import { TimeChart } from "@/components/charts/time-chart";
import { NeedsList } from "@/components/home/needs-list";
import { ProtocolCard } from "@/components/home/protocol-card";
import { RecentList } from "@/components/home/recent-list";
import { SPANS, spanField } from "@/lib/core/use/span";
import { needsOf } from "@/lib/server/overview/needs";
import { portsOf } from "@/lib/server/overview/ports";
import { recentChanges } from "@/lib/server/overview/recent";
import { sessionHistory, signInHistory } from "@/lib/server/use/history";
import { recentEnforcement } from "@/lib/server/web/enforcement";
import { nodeFor } from "@/lib/server/web/node";
import { may, requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";

export const metadata: Metadata = { title: "Home" };

const RECENT = 8;

interface HomePageProps {
  /** `span`: day, week or month. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HomePage({ searchParams }: HomePageProps) {
  const operator = await requireOperator("home.read");
  const node = await nodeFor(operator);
  const seesAll = may(operator, "mailserver.read");
  const span = spanField.parse((await searchParams).span);
  const [status, enforcement, changes, sessions, signIns] = await Promise.all([
    recentStatus(),
    recentEnforcement(),
    recentChanges(node, RECENT),
    seesAll ? sessionHistory(node.db, span) : undefined,
    seesAll ? signInHistory(node.db, span) : undefined,
  ]);
  const needs = await needsOf(node, status, enforcement);
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
            <ProtocolCard
              key={ports.protocol}
              {...ports}
              sessions={seesAll ? ports.sessions : undefined}
              listenersKnown={status.listenersKnown}
            />
          ))}
        </div>
      </section>
      <section aria-labelledby="needs" className="space-y-3">
        <h2 id="needs">Needs somebody</h2>
        <NeedsList needs={needs} />
      </section>
      {sessions && signIns ? (
        <section aria-labelledby="use" className="space-y-3">
          <div className="flex flex-wrap items-baseline justify-between gap-3">
            <h2 id="use">Use</h2>
            <SpanChoice
              spans={SPANS.map((one) => ({
                label: `Last ${one}`,
                href: one === "day" ? "/" : `/?span=${one}`,
                here: one === span,
              }))}
            />
          </div>
          <div className="grid gap-4 lg:grid-cols-2">
            <TimeChart title="Sessions open, at most" {...sessions} />
            <TimeChart title={signIns.days ? "Sign-ins a day" : "Sign-ins an hour"} {...signIns} />
          </div>
          <p className="text-sm">
            <Link href="/sessions">Who is connected</Link> ·{" "}
            <Link href="/accounts?pop3=allow&pop3-unused=90" prefetch={false}>
              POP3 on, unused for 90 days
            </Link>{" "}
            · <Link href="/guide">IMAP or POP3?</Link>
          </p>
        </section>
      ) : null}
      <section aria-labelledby="recent" className="space-y-3">
        <h2 id="recent">Last changes</h2>
        <RecentList
          changes={changes.map(({ at, ...change }) => ({ ...change, at: at.toISOString() }))}
          now={new Date().toISOString()}
        />
        {seesAll ? (
          <p className="text-sm">
            <Link href="/mailserver/history">All changes of the settings</Link>
          </p>
        ) : null}
      </section>
    </div>
  );
}
