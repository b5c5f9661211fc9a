import { CircleAlert, CircleCheck } from "lucide-react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AlertDeliveryView } from "@/lib/core/views";
import { CHANNEL_NAMES } from "./channel-names";

/** The last tries to send, with what each told and what came of it. */
export function DeliveryTable({
  deliveries,
  now,
}: {
  deliveries: readonly AlertDeliveryView[];
  now: string;
}) {
  if (deliveries.length === 0) return <p>Nothing yet. A test shows whether a channel gets through.</p>;
  return (
    <table className="w-full text-left text-sm" aria-label="What was sent">
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium">
            When
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            By
          </th>
          <th scope="col" className="px-2 font-medium">
            What
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map(({ id, at, channel, told, isTest, failure, tookMs }) => (
          <tr key={id} className="border-line border-b align-top">
            <th scope="row" className="px-2 py-1.5 font-normal">
              <TimeAgo at={at} now={now} />
            </th>
            <td className="px-2 py-1.5 max-sm:hidden">{CHANNEL_NAMES[channel]}</td>
            <td className="px-2 py-1.5 wrap-anywhere">
              <span className="block text-ink-soft sm:hidden">{CHANNEL_NAMES[channel]}</span>
              {isTest ? "Test" : null}
              {told.map((sentence) => (
                <span key={sentence} className="block">
                  {sentence}
                </span>
              ))}
              {failure === null ? (
                <span className="flex items-center gap-1 text-ink-soft">
                  <CircleCheck className="size-4 shrink-0 text-good" aria-hidden="true" />
                  taken after {tookMs.toLocaleString("en")} ms
                </span>
              ) : (
                <span className="flex items-start gap-1 text-bad">
                  <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
                  not taken: {failure}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
