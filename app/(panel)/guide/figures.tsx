import Link from "next/link";
import { KeptTable } from "@/components/guide/kept-table";
import { MoveForm } from "@/components/guide/move-form";
import { database } from "@/lib/server/database/client";
import { guideView } from "@/lib/server/use/guide-view";
import { recentStatus } from "@/lib/server/web/status";

interface FiguresProps {
  parameters: Readonly<Record<string, string | string[] | undefined>>;
}

/** This server's own numbers. */
export async function Figures({ parameters }: FiguresProps) {
  const { volume } = await recentStatus();
  const guide = await guideView(database(), volume, parameters);
  return (
    <>
      <section aria-labelledby="numbers" className="space-y-4">
        <h2 id="numbers">This server</h2>
        <dl className="grid gap-4 sm:grid-cols-2">
          {guide.facts.map(({ label, value, note }) => (
            <div key={label} className="rounded border border-line bg-surface px-4 py-3">
              <dt className="text-sm text-ink-soft">{label}</dt>
              <dd className="font-medium text-lg">{value}</dd>
              {note === "" ? null : <dd className="text-sm text-ink-soft">{note}</dd>}
            </div>
          ))}
        </dl>
        {guide.limits.map((limit) => (
          <p key={limit} className="text-sm text-ink-soft">
            {limit}
          </p>
        ))}
        {guide.biggest.length > 0 ? (
          <div className="grid gap-6 lg:grid-cols-2">
            <KeptTable caption="The biggest mailboxes" head="Mail" rows={guide.biggest} />
            {guide.fastest.length > 0 ? (
              <KeptTable caption="The fastest growing" head="A month" rows={guide.fastest} />
            ) : (
              <p className="text-sm text-ink-soft">
                Which grow fastest is told when they were measured a second time, a day later.
              </p>
            )}
          </div>
        ) : (
          <p className="text-sm text-ink-soft">
            {guide.isMeasuring
              ? "No mailbox was measured yet: one every few seconds is."
              : "Mailboxes are not measured"}{" "}
            <Link href="/settings/use">Panel settings</Link>
          </p>
        )}
      </section>
      <section aria-labelledby="move-head" className="space-y-3">
        <h2 id="move-head">What a move would cost</h2>
        <MoveForm values={guide.values} problems={guide.problems} />
        <ul aria-label="What it comes to" className="list-disc space-y-1 pl-5">
          {guide.cost.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className="text-sm text-ink-soft">
          What you don’t change is this server’s own: who used nothing but the other protocol within 30 days,
          and the average of the measured mailboxes. Mail that a POP3 program has taken away before doesn’t
          come back.
        </p>
      </section>
    </>
  );
}
