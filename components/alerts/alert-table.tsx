import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AlertView, ToldView } from "@/lib/core/views";
import { CHANNEL_NAMES } from "./channel-names";

interface AlertTableProps {
  label: string;
  alerts: readonly AlertView[];
  now: string;
  /** What an empty one says. */
  none: string;
}

/** Alerts with since when they stand and who was told of them. */
export function AlertTable({ label, alerts, now, none }: AlertTableProps) {
  if (alerts.length === 0)
    return (
      <p className="flex items-center gap-2">
        <CircleCheck className="size-5 text-good" aria-hidden="true" />
        {none}
      </p>
    );
  return (
    <table className="w-full text-left text-sm" aria-label={label}>
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium">
            What
          </th>
          <th scope="col" className="px-2 font-medium">
            Since
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            Told
          </th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <tr key={alert.id} className="border-line border-b align-top">
            <th scope="row" className="px-2 py-1.5 font-normal">
              <span className="flex items-start gap-2">
                <SeverityIcon severity={alert.severity} />
                <span className="min-w-0 wrap-anywhere">
                  <Link href={alert.href} prefetch={false}>
                    {alert.sentence}
                  </Link>
                  <span className="block text-ink-soft sm:hidden">
                    <ToldWords alert={alert} now={now} />
                  </span>
                </span>
              </span>
            </th>
            <td className="px-2 py-1.5">
              <TimeAgo at={alert.since} now={now} />
              {alert.endedAt ? (
                <span className="block text-ink-soft">
                  over <TimeAgo at={alert.endedAt} now={now} />
                </span>
              ) : null}
            </td>
            <td className="px-2 py-1.5 max-sm:hidden">
              <ToldWords alert={alert} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SeverityIcon({ severity }: { severity: AlertView["severity"] }) {
  return severity === "alarm" ? (
    <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-label="Alarm:" />
  ) : (
    <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-label="Warning:" />
  );
}

function ToldWords({ alert, now }: { alert: AlertView; now: string }) {
  if (alert.told.length === 0) return <span className="text-ink-soft">nobody</span>;
  return (
    <>
      {alert.told.map((told) => (
        <span key={told.channel} className="block">
          <OneTold told={told} isOver={alert.endedAt !== null} now={now} />
        </span>
      ))}
    </>
  );
}

function OneTold({ told, isOver, now }: { told: ToldView; isOver: boolean; now: string }) {
  const name = CHANNEL_NAMES[told.channel];
  if (isOver && told.overToldAt)
    return (
      <>
        {name}, that it is over: <TimeAgo at={told.overToldAt} now={now} />
      </>
    );
  if (told.toldAt === null) return <span className="text-warn">{name}: not yet</span>;
  return (
    <>
      {name}: <TimeAgo at={told.toldAt} now={now} />
      {told.times > 1 ? `, ${told.times} times` : ""}
    </>
  );
}
