import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { Suspense } from "react";
import { ProtocolSection } from "@/components/access/protocol-section";
import { SubjectSections } from "@/components/access/subject-sections";
import { domainPath } from "@/components/accounts/paths";
import { DomainCounts } from "@/components/domains/domain-counts";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notes } from "@/components/notes/notes";
import { domainName } from "@/lib/core/access/form-schemas";
import { LONGEST_NOTE } from "@/lib/core/notes/note";
import { ruledView } from "@/lib/server/domains/domain-view";
import { localInput, serverZone } from "@/lib/server/local-time";
import { noteViews } from "@/lib/server/notes/notes";
import { nodeFor } from "@/lib/server/web/node";
import { authorOf, may, rankOf, requireOperator } from "@/lib/server/web/session";
import { flip, resume, setRule, suspend, switchOffNow, undo } from "../../access-actions";
import { ClosingImpact } from "../../closing-impact";
import { decoded } from "../../decoded";
import { addNote, withdrawNote } from "../../note-actions";
import { ExceptionsOf } from "./exceptions-of";

interface DomainPageProps {
  /** `@` for accounts without a domain, `*` for everybody. */
  params: Promise<{ name: string }>;
}

const EVERYBODY = "*";

export async function generateMetadata({ params }: DomainPageProps): Promise<Metadata> {
  return { title: decoded((await params).name) ?? "Domains" };
}

export default async function DomainPage({ params }: DomainPageProps) {
  const operator = await requireOperator("accounts.read");
  const given = decoded((await params).name);
  const parsed = domainName.safeParse(given);
  if (!parsed.success) notFound();
  const isEverybody = parsed.data === EVERYBODY;
  const domain = parsed.data;
  if (!isEverybody && given !== (domain || "@")) redirect(domainPath(domain));
  const subject = isEverybody ? EVERYBODY : `@${domain}`;
  const name = isEverybody ? "all accounts" : domain || "accounts without a domain";
  const title = isEverybody ? "Server-wide default" : domain || "Accounts without a domain";
  const node = await nodeFor(operator);
  const [ruled, notes] = await Promise.all([
    ruledView(node, subject, rankOf(operator)),
    isEverybody ? [] : noteViews(node, subject, authorOf(operator)),
  ]);
  if (!ruled) notFound();
  const mayChange = may(operator, "accounts.change");
  const now = new Date().toISOString();
  const zone = serverZone();
  return (
    <div data-wide="" className="space-y-6">
      <Breadcrumb
        crumbs={[{ label: "Home", href: "/" }, { label: "Domains", href: "/domains" }, { label: title }]}
      />
      <div className="space-y-1">
        <h1 className="break-all">{title}</h1>
        <p className="text-ink-soft">
          {isEverybody
            ? "What holds for every account without a rule of its own or of its domain."
            : "What holds for an account here without a rule of its own."}
        </p>
        {isEverybody || domain === "" ? null : (
          <p>
            <Link href={`${domainPath(domain)}/clients`} prefetch={false}>
              Mail programs: what they are told, and what to publish in DNS
            </Link>
          </p>
        )}
      </div>
      {ruled.states.map((state) => (
        <ProtocolSection
          key={state.protocol}
          subject={subject}
          name={name}
          state={state}
          without={isEverybody ? "No rule: allowed" : "No rule: as for everybody"}
          zone={zone}
          until={state.own?.until ? localInput(state.own.until) : ""}
          mayChange={mayChange}
          flip={flip}
          setRule={setRule}
          undo={undo}
        >
          {state.effective === "allow" ? (
            <Suspense fallback={<p className="text-sm text-ink-soft">Counting who uses it…</p>}>
              <ClosingImpact node={node} protocol={state.protocol} scope={isEverybody ? {} : { domain }} />
            </Suspense>
          ) : null}
        </ProtocolSection>
      ))}
      {ruled.counts ? (
        <section aria-labelledby="counts" className="space-y-3">
          <h2 id="counts">Its accounts</h2>
          <DomainCounts name={domain} counts={ruled.counts} />
          <ExceptionsOf node={node} domain={domain} rank={rankOf(operator)} />
        </section>
      ) : null}
      <SubjectSections
        subject={subject}
        name={name}
        level={isEverybody ? "server" : "domain"}
        domainHref={domainPath(domain)}
        suspensions={ruled.suspensions}
        states={ruled.states}
        open={ruled.open}
        history={ruled.history}
        mayChange={mayChange}
        zone={zone}
        actions={{ suspend, resume, offNow: switchOffNow, undo }}
        now={now}
      >
        <p className="text-sm text-ink-soft">
          {isEverybody ? "Of everybody" : "Of the whole domain"}: no account’s own rule is an exception to it.
        </p>
      </SubjectSections>
      {isEverybody ? null : (
        <Notes
          subject={subject}
          name={name}
          notes={notes}
          longest={may(operator, "accounts.annotate") ? LONGEST_NOTE : null}
          add={addNote}
          withdraw={withdrawNote}
          now={now}
        />
      )}
    </div>
  );
}
