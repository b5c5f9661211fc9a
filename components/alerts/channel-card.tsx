import { CircleAlert, CircleCheck, CircleMinus } from "lucide-react";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AlertChannelView } from "@/lib/core/views";
import { CHANNEL_NAMES } from "./channel-names";
import { type TestAction, TestForm } from "./test-form";

interface ChannelCardProps {
  view: AlertChannelView;
  now: string;
  test: TestAction;
}

/** Where a channel sends to, whether it gets through, and a test of that. */
export function ChannelCard({ view, now, test }: ChannelCardProps) {
  const { channel, to, failing, lastSentAt, sent, failed } = view;
  const label = CHANNEL_NAMES[channel];
  const [Icon, tone, words] =
    to === null
      ? [CircleMinus, "text-ink-soft", "is not set up"]
      : failing
        ? [CircleAlert, "text-bad", "fails"]
        : lastSentAt
          ? [CircleCheck, "text-good", "gets through"]
          : [CircleMinus, "text-ink-soft", "was not tried yet"];
  return (
    <section aria-label={label} className="min-w-0 space-y-2 rounded border border-line bg-surface p-4">
      <h3 className="flex items-center gap-2 font-medium">
        <Icon className={`size-5 ${tone}`} aria-hidden="true" />
        {label} {words}
      </h3>
      {to === null ? (
        <p className="text-sm">
          <Link href="/settings/alerts">Set it up</Link>
        </p>
      ) : (
        <>
          <p className="text-sm wrap-anywhere">To {to}.</p>
          <p className="text-sm text-ink-soft">
            {sent.toLocaleString("en")} sent, {failed.toLocaleString("en")} failed
            {lastSentAt ? (
              <>
                ; last sent <TimeAgo at={lastSentAt} now={now} />
              </>
            ) : null}
            .
          </p>
          {failing ? (
            <p className="text-sm text-bad wrap-anywhere">
              {failing.failure} That was <TimeAgo at={failing.at} now={now} />.
              {failing.nextTryAt && failing.nextTryAt > now
                ? ` Tried again in ${secondsUntil(failing.nextTryAt, now)} s.`
                : ""}
            </p>
          ) : null}
          <TestForm channel={channel} label={label} action={test} />
        </>
      )}
    </section>
  );
}

function secondsUntil(at: string, now: string): number {
  return Math.ceil((Date.parse(at) - Date.parse(now)) / 1000);
}
