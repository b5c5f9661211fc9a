import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { domainPath } from "@/components/accounts/paths";
import { DnsSection } from "@/components/clients/dns-section";
import { ServerTable } from "@/components/clients/server-table";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notice } from "@/components/ui/notice";
import { domainName } from "@/lib/core/access/form-schemas";
import { clientsView } from "@/lib/server/client-config/clients-view";
import { isTheirs } from "@/lib/server/domains/domain";
import { panelSettings } from "@/lib/server/panel-settings";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";
import { decoded } from "../../../decoded";

interface ClientsPageProps {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ check?: string | string[] }>;
}

export async function generateMetadata({ params }: ClientsPageProps): Promise<Metadata> {
  return { title: `Mail programs of ${decoded((await params).name) ?? "a domain"}` };
}

export default async function DomainClientsPage({ params, searchParams }: ClientsPageProps) {
  const operator = await requireOperator("accounts.read");
  const given = decoded((await params).name);
  const parsed = domainName.safeParse(given);
  // What everybody has, and accounts without a domain, nobody can ask about.
  if (!parsed.success || parsed.data === "" || parsed.data === "*") notFound();
  const domain = parsed.data;
  const path = `${domainPath(domain)}/clients`;
  if (given !== domain) redirect(path);
  const node = await nodeFor(operator);
  if (!isTheirs(node, domain)) notFound();
  const { resolver } = (await panelSettings(node.db, "clients")).values;
  const isAsked = (await searchParams).check === "1" && resolver !== "";
  const clients = await clientsView(node, await recentStatus(), domain, isAsked ? resolver : undefined);
  const { incoming, outgoing, closed, profile, warnings } = clients;
  return (
    <div data-wide="" className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Domains", href: "/domains" },
          { label: domain, href: domainPath(domain) },
          { label: "Mail programs" },
        ]}
      />
      <div className="space-y-1">
        <h1 className="break-all">Mail programs of {domain}</h1>
        <p className="text-ink-soft">
          What programs are told that set themselves up, from what is open now and from the domain’s rules.{" "}
          <Link href="/settings/clients">Names, order and outgoing server</Link> are set for all domains.
        </p>
      </div>
      {warnings.length > 0 ? (
        <Notice tone="warn" title="What is to be looked at">
          <ul className="list-disc space-y-1 pl-4 wrap-anywhere">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <section aria-labelledby="told" className="space-y-3">
        <h2 id="told">What they are told</h2>
        {incoming.length === 0 ? (
          <p>Nothing: whoever asks is answered as for a domain that isn’t here.</p>
        ) : (
          <ServerTable incoming={incoming} outgoing={outgoing} caption="Servers that programs are told" />
        )}
        <ul className="space-y-1 text-sm wrap-anywhere">
          {closed.map(({ protocol, because }) => (
            <li key={protocol}>
              {protocol.toUpperCase()} is not told. {because}
            </li>
          ))}
          <li>Apple profile: {profile.sentence}</li>
          <li>
            The user name is the whole address. An account with rules of its own has its own set-up, by a link
            that is made on its page.
          </li>
        </ul>
      </section>
      <DnsSection clients={clients} canAsk={resolver !== ""} path={path} now={new Date().toISOString()} />
    </div>
  );
}
