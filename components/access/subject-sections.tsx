import type { ReactNode } from "react";
import type { HistoryView, OpenSessionsView, StateView, SuspensionView } from "@/lib/core/access/views";
import type { AccessAction } from "./access-form";
import { HistoryTable } from "./history-table";
import { OffNow } from "./off-now";
import { SuspendForm } from "./suspend-form";
import { SuspensionList } from "./suspension-list";

interface SubjectSectionsProps {
  /** An address, `@domain` or `*`, and how people call it. */
  subject: string;
  name: string;
  level: SuspensionView["level"];
  /** Where suspensions from above are resumed. */
  domainHref: string;
  suspensions: readonly SuspensionView[];
  states: readonly StateView[];
  open: readonly OpenSessionsView[];
  history: readonly HistoryView[];
  mayChange: boolean;
  zone: string;
  actions: Readonly<Record<"suspend" | "resume" | "offNow" | "undo", AccessAction>>;
  now: string;
  /** About its suspensions. */
  children?: ReactNode;
}

/** What an account's page and a domain's have in common below their protocols: suspensions, open sessions and history. */
export function SubjectSections(props: SubjectSectionsProps) {
  const { subject, name, level, domainHref, suspensions, states, open, history } = props;
  const { mayChange, zone, actions, now, children } = props;
  const { suspend, resume, offNow, undo } = actions;
  return (
    <>
      <section aria-labelledby="suspensions" className="space-y-3">
        <h2 id="suspensions">Suspensions</h2>
        {children}
        <SuspensionList
          suspensions={suspensions}
          level={level}
          domainHref={domainHref}
          mayChange={mayChange}
          resume={resume}
          undo={undo}
          now={now}
        />
        {mayChange ? (
          <SuspendForm subject={subject} name={name} zone={zone} suspend={suspend} undo={undo} />
        ) : null}
      </section>
      <section aria-labelledby="sessions" className="space-y-3">
        <h2 id="sessions">Open sessions</h2>
        <OffNow
          subject={subject}
          name={name}
          states={states}
          open={open}
          mayChange={mayChange}
          offNow={offNow}
          undo={undo}
        />
      </section>
      <section aria-labelledby="history" className="space-y-3">
        <h2 id="history">History</h2>
        <HistoryTable entries={history} now={now} />
      </section>
    </>
  );
}
