import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { ShortOfDisk } from "@/components/guide/short-of-disk";
import { TwoWays } from "@/components/guide/two-ways";
import { requireOperator } from "@/lib/server/web/session";
import { Figures } from "./figures";

export const metadata: Metadata = { title: "IMAP or POP3" };

interface GuidePageProps {
  /** What a move is worked out from: `move`, `accounts`, `mb`, `grow`, `taken`. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function GuidePage({ searchParams }: GuidePageProps) {
  await requireOperator("guide.read");
  const parameters = await searchParams;
  return (
    <div className="space-y-8">
      <div className="space-y-1">
        <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Guide" }]} />
        <h1>IMAP or POP3</h1>
        <p className="text-ink-soft">
          Both read the same mailbox. They differ in where the mail is afterwards.
        </p>
      </div>
      <section aria-labelledby="difference" className="space-y-3">
        <h2 id="difference">The difference</h2>
        <TwoWays />
        <table className="list">
          <caption className="sr-only">IMAP and POP3 compared</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">IMAP</th>
              <th scope="col">POP3</th>
            </tr>
          </thead>
          <tbody>
            {DIFFERENCES.map(([what, imap, pop3]) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{imap}</td>
                <td>{pop3}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Suspense fallback={<p className="text-ink-soft">Counting mailboxes and sign-ins…</p>}>
        <Figures parameters={parameters} />
      </Suspense>
      <section aria-labelledby="short" className="space-y-3">
        <h2 id="short">When the disk is short</h2>
        <ShortOfDisk />
      </section>
      <section aria-labelledby="switch" className="space-y-2">
        <h2 id="switch">Where it is switched</h2>
        <p>
          For the server under <Link href="/mailserver#row-pop3">Mailserver Configuration</Link>, for a domain
          under <Link href="/domains">Domains</Link>, for one mailbox under{" "}
          <Link href="/accounts">Accounts</Link>. Each says beforehand whom it meets.
        </p>
      </section>
    </div>
  );
}

const DIFFERENCES = [
  ["Mail is kept", "on the server, until somebody deletes it", "on the server until a device takes it"],
  ["Several devices", "all show the same", "the first one gets it; others only see copies that were left"],
  ["Folders, read marks", "on the server, the same everywhere", "in each program for itself"],
  ["A device is lost", "nothing is lost", "its mail is lost, unless it was backed up there"],
  ["Disk of the server", "grows with the mail that is kept", "stays small where mail is taken off"],
  ["Reading without a network", "what the program has kept", "all that was fetched"],
  ["Connections", "stay open for long, so that new mail shows at once", "short, every few minutes"],
] as const;
