import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { HistoryTable } from "@/components/access/history-table";
import { UndoChange } from "@/components/access/undo-change";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/ui/time-ago";
import { changeView } from "@/lib/server/access/change-view";
import { nodeFor } from "@/lib/server/web/node";
import { may, requireOperator } from "@/lib/server/web/session";
import { undo } from "../../access-actions";

interface ChangePageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: ChangePageProps): Promise<Metadata> {
  return { title: `Change ${(await params).id}` };
}

export default async function ChangePage({ params }: ChangePageProps) {
  const operator = await requireOperator("accounts.read");
  const id = Number((await params).id);
  const change =
    Number.isSafeInteger(id) && id > 0 ? await changeView(await nodeFor(operator), id) : undefined;
  if (!change) notFound();
  const now = new Date().toISOString();
  const more = change.rulesInAll - change.rules.length;
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Accounts", href: "/accounts" },
          { label: `Change ${id}` },
        ]}
      />
      <div className="space-y-1">
        <h1>Change {id}</h1>
        <p className="break-words">{change.sentence}</p>
        <p className="text-ink-soft">
          By {change.actor} ({change.origin}), <TimeAgo at={change.at} now={now} />
          {change.reason ? `: ${change.reason}` : ""}
        </p>
      </div>
      {change.undoes !== null ? (
        <Notice tone="plain" title={`It took change ${change.undoes} back.`}>
          <p>
            <Link href={`/changes/${change.undoes}`}>Change {change.undoes}</Link>
          </p>
        </Notice>
      ) : null}
      {change.undoneBy !== null ? (
        <Notice tone="plain" title={`It was taken back by change ${change.undoneBy}.`}>
          <p>
            <Link href={`/changes/${change.undoneBy}`}>Change {change.undoneBy}</Link>
          </p>
        </Notice>
      ) : null}
      <section aria-labelledby="rules" className="space-y-2">
        <h2 id="rules">
          {change.rulesInAll.toLocaleString("en")} {change.rulesInAll === 1 ? "rule" : "rules"}
        </h2>
        <HistoryTable entries={change.rules} now={now} />
        {more > 0 ? <p className="text-sm text-ink-soft">and {more.toLocaleString("en")} more</p> : null}
      </section>
      {may(operator, "accounts.change") ? (
        <UndoChange changeId={id} isOver={change.undoneBy !== null} undo={undo} />
      ) : null}
    </div>
  );
}
