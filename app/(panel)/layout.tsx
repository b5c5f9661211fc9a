import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { NothingAdopted } from "@/components/adopt/nothing-adopted";
import { DriftBanner } from "@/components/drift/drift-banner";
import { Navigation } from "@/components/frame/navigation";
import { Refresh } from "@/components/frame/refresh";
import { StatusLine } from "@/components/frame/status-line";
import { ThemeChoice } from "@/components/frame/theme-choice";
import { TrialBanner } from "@/components/review/trial-banner";
import { Mark } from "@/components/ui/mark";
import type { Permission } from "@/lib/core/operators/roles";
import { database } from "@/lib/server/database/client";
import { standingDrift } from "@/lib/server/drift/record";
import { currentHome, hasServer } from "@/lib/server/home";
import { waitingTrials } from "@/lib/server/mailserver/trials";
import { cookieName } from "@/lib/server/served-by-tls";
import { tellInstant } from "@/lib/server/tell-instant";
import { nodeFor } from "@/lib/server/web/node";
import { may, requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { wayBackSentences } from "@/lib/server/web/way-back";
import { THEME_COOKIE, themeFrom } from "../theme";
import { chooseTheme, signOut } from "./actions";
import { decideTrial } from "./trial-actions";

const DESTINATIONS: readonly { href: string; label: string; permission: Permission }[] = [
  { href: "/", label: "Home", permission: "home.read" },
  { href: "/mailserver", label: "Mailserver Configuration", permission: "mailserver.read" },
  { href: "/mailserver/history", label: "History", permission: "mailserver.read" },
  { href: "/mailserver/timetable", label: "Timetable", permission: "mailserver.read" },
  { href: "/accounts", label: "Accounts", permission: "accounts.read" },
  { href: "/domains", label: "Domains", permission: "accounts.read" },
  { href: "/sessions", label: "Sessions", permission: "sessions.read" },
  { href: "/alerts", label: "Alerts", permission: "alerts.read" },
  { href: "/guide", label: "Guide", permission: "guide.read" },
  { href: "/jobs", label: "Jobs", permission: "jobs.read" },
  { href: "/audit", label: "Audit", permission: "audit.read" },
  { href: "/operators", label: "Operators", permission: "operators.read" },
  { href: "/settings", label: "Panel settings", permission: "panel.read" },
  { href: "/me/tokens", label: "Tokens", permission: "self.change" },
  { href: "/adopt", label: "Adopt a server", permission: "adoption.read" },
  { href: "/sandbox", label: "Sample mailboxes", permission: "sandbox.read" },
];
const REFRESH_MS = 15_000;

export default async function PanelLayout({ children }: { children: ReactNode }) {
  const operator = await requireOperator("home.read");
  if (!(await hasServer(currentHome()))) return <NothingAdopted signOut={signOut} />;
  const [status, waiting, standing] = await Promise.all([
    recentStatus(),
    waitingTrials(database()),
    standingDrift(database()),
  ]);
  const trials = await Promise.all(
    waiting.map(async ({ revision, deadline }) => ({
      revision,
      deadline: deadline.toISOString(),
      exact: tellInstant(deadline.getTime() / 1000),
      wayBack: await wayBackSentences(revision),
    })),
  );
  const drift = standing.filter(({ leftBy }) => leftBy === null);
  const { kind } = await nodeFor(operator);
  const destinations = DESTINATIONS.filter(
    ({ href, permission }) => may(operator, permission) && (href !== "/sandbox" || kind === "sandbox"),
  ).map(({ href, label }) => ({ href, label }));
  const seesAll = may(operator, "mailserver.read");
  const theme = themeFrom((await cookies()).get(cookieName(THEME_COOKIE))?.value);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <header className="border-line border-b bg-surface p-3 md:border-r md:border-b-0 md:p-4">
        <p className="mb-2 flex items-center gap-2 font-semibold text-accent md:mb-6 md:text-lg">
          <Mark />
          Portcullis
        </p>
        <Navigation destinations={destinations} />
      </header>
      <div className="flex min-w-0 flex-col">
        <section
          aria-label="State and session"
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line border-b bg-surface px-4 py-2 md:px-8"
        >
          <StatusLine
            checkedAt={status.checkedAt.toISOString()}
            now={new Date().toISOString()}
            running={status.dovecot.running}
            listeners={status.listeners.map(({ protocol, seen }) => ({ protocol, seen }))}
          />
          <div className="flex flex-wrap items-center gap-x-3">
            <ThemeChoice theme={theme} action={chooseTheme} />
            <form action={signOut} className="flex items-center gap-2 text-sm">
              <Link
                href="/me"
                className="inline-block max-w-40 truncate py-1 text-ink-soft"
                title={operator.email}
              >
                {operator.name}
              </Link>
              <button type="submit" className="cursor-pointer text-accent underline underline-offset-2">
                Sign out
              </button>
            </form>
          </div>
        </section>
        <main
          id="content"
          className="mx-auto w-full max-w-4xl wrap-break-word px-4 py-6 has-data-wide:max-w-400 md:px-8 md:has-data-wide:px-6"
        >
          {seesAll ? (
            <>
              <TrialBanner trials={trials} now={new Date().toISOString()} decide={decideTrial} />
              <DriftBanner drift={drift} />
            </>
          ) : null}
          {children}
        </main>
      </div>
      <Refresh everyMs={REFRESH_MS} />
    </div>
  );
}
