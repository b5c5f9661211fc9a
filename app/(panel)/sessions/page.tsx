import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { accountPath } from "@/components/accounts/paths";
import { SpanChoice } from "@/components/charts/span-choice";
import { TimeChart } from "@/components/charts/time-chart";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { EndForm } from "@/components/sessions/end-form";
import { SessionFilters } from "@/components/sessions/session-filters";
import { SessionTable } from "@/components/sessions/session-table";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { sessionQuery } from "@/lib/core/sessions/query";
import { SPANS, spanField } from "@/lib/core/use/span";
import { auditSessionsLook } from "@/lib/server/audit/read";
import { database } from "@/lib/server/database/client";
import { listSessions, type SessionList } from "@/lib/server/sessions/list";
import { sessionHistory } from "@/lib/server/use/history";
import { securityWords } from "@/lib/server/use/uses-of";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, may, requireOperator } from "@/lib/server/web/session";
import { endAll, endOne } from "./actions";

export const metadata: Metadata = { title: "Sessions" };

const SHOWN = 500;

interface SessionsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SessionsPage({ searchParams }: SessionsPageProps) {
  const operator = await requireOperator("sessions.read");
  const parameters = await searchParams;
  const read = sessionQuery.parse(parameters);
  if (read.ok && !read.isCanonical) redirect(`/sessions${sessionQuery.search(read.query)}`);
  const span = spanField.parse(parameters.span);
  const mayEnd = may(operator, "sessions.end");
  if (read.ok) await auditSessionsLook(database(), actorOf(operator), read.query);
  const list = read.ok ? await listSessions(await nodeFor(operator), read.query, SHOWN) : undefined;
  // Of the whole server: not for whoever sees some domains of it.
  const history = operator.scope === null ? await sessionHistory(database(), span) : undefined;
  const now = new Date().toISOString();
  const search = read.ok ? sessionQuery.search(read.query) : "";
  return (
    <div data-wide="" className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Sessions" }]} />
      <h1>Sessions</h1>
      <SessionFilters
        given={read.ok ? Object.fromEntries(new URLSearchParams(search)) : read.given}
        problems={read.ok ? [] : read.problems}
        protocols={list?.counts.map(({ protocol }) => protocol) ?? []}
      />
      {!read.ok ? (
        <Notice tone="bad" title="Nothing is listed, because a filter can't be used." />
      ) : list === undefined ? (
        <Notice tone="bad" title="Dovecot can't be asked who is connected." />
      ) : (
        <Found list={list} search={search} mayEnd={mayEnd} now={now} />
      )}
      {history ? (
        <section aria-labelledby="over-time" className="max-w-4xl space-y-3">
          <div className="flex flex-wrap items-baseline justify-between gap-3">
            <h2 id="over-time">Over time</h2>
            <SpanChoice
              spans={SPANS.map((one) => ({
                label: `Last ${one}`,
                href: `/sessions${search}${search === "" ? "?" : "&"}span=${one}`,
                here: one === span,
              }))}
            />
          </div>
          <TimeChart title="Sessions open, at most" {...history} />
        </section>
      ) : null}
    </div>
  );
}

interface FoundProps {
  list: SessionList;
  search: string;
  mayEnd: boolean;
  now: string;
}

function Found({ list, search, mayEnd, now }: FoundProps) {
  const { counts, matching, sessions } = list;
  const all = counts.reduce((sum, { open }) => sum + open, 0);
  // The forms stay when nothing is left: their answers stand in them.
  return (
    <>
      <p>
        {all === 0 ? "Nobody is connected now." : `${all.toLocaleString("en")} open now: ${wordsFor(counts)}`}
        {search === "" || all === 0 ? "" : `; ${matching.toLocaleString("en")} match`}
        {all === 0 ? "" : "."}
      </p>
      <EndForm end={endOne} label="Sessions">
        {matching > 0 ? (
          <SessionTable
            sessions={sessions.map(
              ({ since, address, security, idleS, username, protocol, ip, pid, tlsVersion }) => ({
                username,
                protocol,
                ip,
                pid,
                security: security === undefined ? null : securityWords({ security, tlsVersion }),
                idle: idleS === undefined ? null : idleWords(idleS),
                href: address === undefined ? null : accountPath(address),
                since: since?.toISOString() ?? null,
              }),
            )}
            mayEnd={mayEnd}
            now={now}
          />
        ) : all > 0 ? (
          <p>
            None of them matches. <Link href="/sessions">Show all</Link>
          </p>
        ) : null}
        {matching > sessions.length ? (
          <p className="text-sm text-ink-soft">
            The first {sessions.length.toLocaleString("en")} of {matching.toLocaleString("en")}: narrow the
            search to see others.
          </p>
        ) : null}
      </EndForm>
      {mayEnd ? (
        <EndForm end={endAll} label="All of them">
          <input type="hidden" name="query" value={search.replace(/^\?/, "")} />
          {matching > 0 ? (
            <div className="flex flex-wrap items-center gap-3">
              <label className="flex items-center gap-2 text-sm">
                <input type="checkbox" name="sure" required className="size-4 accent-accent" />
                Whoever is allowed can sign in again at once
              </label>
              <Button look="quiet">
                {`End ${matching.toLocaleString("en")} ${matching === 1 ? "session" : "sessions"}`}
              </Button>
            </div>
          ) : null}
        </EndForm>
      ) : null}
    </>
  );
}

/** It is looked at once a minute: shorter than that nothing can be told. */
function idleWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 2) return "active";
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function wordsFor(counts: SessionList["counts"]): string {
  return counts
    .map(({ protocol, open }) => `${open.toLocaleString("en")} ${protocol.toUpperCase()}`)
    .join(", ");
}
