import type { Metadata } from "next";
import Link from "next/link";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { FreezeForm } from "@/components/review/freeze-form";
import { FreezeList } from "@/components/review/freeze-list";
import { WaitingTable } from "@/components/review/waiting-table";
import { database } from "@/lib/server/database/client";
import { serverZone } from "@/lib/server/local-time";
import { freezeWindows } from "@/lib/server/mailserver/freeze";
import { waitingChanges } from "@/lib/server/mailserver/waiting";
import { tellInstant } from "@/lib/server/tell-instant";
import { may, requireOperator } from "@/lib/server/web/session";
import { freeze, settleWaiting, unfreeze } from "./actions";

export const metadata: Metadata = { title: "Timetable" };

const SHOWN = 50;

export default async function TimetablePage() {
  const operator = await requireOperator("mailserver.read");
  const mayChange = may(operator, "mailserver.change");
  const [changes, windows] = await Promise.all([
    waitingChanges(database(), SHOWN),
    freezeWindows(database()),
  ]);
  const now = new Date();
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Mailserver Configuration", href: "/mailserver" },
          { label: "Timetable" },
        ]}
      />
      <h1>Timetable</h1>
      <section aria-labelledby="waiting" className="space-y-3">
        <h2 id="waiting">Changes that wait</h2>
        {changes.length === 0 ? (
          <p className="text-ink-soft">
            None. A change of the <Link href="/mailserver">Mailserver Configuration</Link> that is reviewed
            and not applied at once is kept here.
          </p>
        ) : (
          <WaitingTable
            changes={changes.map((change) => ({
              ...change,
              createdAt: change.createdAt.toISOString(),
              applyAt: change.applyAt && tellInstant(change.applyAt.getTime() / 1000),
            }))}
            now={now.toISOString()}
            settle={mayChange ? settleWaiting : null}
          />
        )}
      </section>
      <section aria-labelledby="freezes" className="space-y-3">
        <h2 id="freezes">Freeze windows</h2>
        <p className="text-sm text-ink-soft">
          While one stands nothing reloads Dovecot but by an explicit word. A change that is due then waits
          for its end; rules of accounts and closing a protocol need no reload and go on.
        </p>
        {windows.length === 0 ? (
          <p>None is set.</p>
        ) : (
          <FreezeList
            windows={windows.map(({ startsAt, endsAt, ...window }) => ({
              ...window,
              from: tellInstant(startsAt.getTime() / 1000),
              until: tellInstant(endsAt.getTime() / 1000),
              isNow: startsAt <= now,
            }))}
            remove={mayChange ? unfreeze : null}
          />
        )}
        {mayChange ? <FreezeForm action={freeze} timeZone={serverZone()} /> : null}
      </section>
    </div>
  );
}
