import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { HistoryTable } from "@/components/access/history-table";
import { OffNow } from "@/components/access/off-now";
import { SuspendForm } from "@/components/access/suspend-form";
import { SuspensionList } from "@/components/access/suspension-list";
import { KnownAs } from "@/components/accounts/known-as";
import { accountPath, addressIn, domainPath, pathName } from "@/components/accounts/paths";
import { ProtocolSection } from "@/components/accounts/protocol-section";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { accountName } from "@/lib/core/access/form-schemas";
import { accountView } from "@/lib/server/accounts/account-view";
import { localInput, serverZone } from "@/lib/server/local-time";
import { openNode } from "@/lib/server/node";
import { may, rankOf, requireOperator } from "@/lib/server/web/session";
import { ask, flip, resume, setRule, suspend, switchOffNow, undo } from "../../access-actions";
import { decoded } from "../../decoded";

interface AccountPageProps {
  params: Promise<{ address: string }>;
}

export async function generateMetadata({ params }: AccountPageProps): Promise<Metadata> {
  return { title: addressIn(decoded((await params).address)) ?? "Accounts" };
}

export default async function AccountPage({ params }: AccountPageProps) {
  const operator = await requireOperator("accounts.read");
  const given = decoded((await params).address);
  const parsed = accountName.safeParse(addressIn(given));
  if (!parsed.success) notFound();
  const address = parsed.data;
  if (pathName(address) !== given) redirect(accountPath(address));
  const account = await accountView(await openNode(), address, rankOf(operator));
  const mayChange = may(operator, "accounts.change");
  const now = new Date().toISOString();
  const zone = serverZone();
  return (
    <div data-wide="" className="space-y-6">
      <Breadcrumb
        crumbs={[{ label: "Home", href: "/" }, { label: "Accounts", href: "/accounts" }, { label: address }]}
      />
      <div className="space-y-1">
        <h1 className="break-all">{address}</h1>
        <KnownAs account={account} domainHref={domainPath(account.domain)} ask={ask} undo={undo} now={now} />
      </div>
      {account.states.map((state) => (
        <ProtocolSection
          key={state.protocol}
          account={account}
          state={state}
          zone={zone}
          until={state.own?.until ? localInput(state.own.until) : ""}
          mayChange={mayChange}
          flip={flip}
          setRule={setRule}
          undo={undo}
          now={now}
        />
      ))}
      <section aria-labelledby="suspensions" className="space-y-3">
        <h2 id="suspensions">Suspensions</h2>
        <SuspensionList
          suspensions={account.suspensions}
          level="account"
          domainHref={domainPath(account.domain)}
          mayChange={mayChange}
          resume={resume}
          undo={undo}
          now={now}
        />
        {mayChange ? (
          <SuspendForm subject={address} name={address} zone={zone} suspend={suspend} undo={undo} />
        ) : null}
      </section>
      <section aria-labelledby="sessions" className="space-y-3">
        <h2 id="sessions">Open sessions</h2>
        <OffNow
          subject={address}
          name={address}
          states={account.states}
          open={account.open}
          mayChange={mayChange}
          offNow={switchOffNow}
          undo={undo}
        />
      </section>
      <section aria-labelledby="history" className="space-y-3">
        <h2 id="history">History</h2>
        <HistoryTable entries={account.history} now={now} />
      </section>
    </div>
  );
}
