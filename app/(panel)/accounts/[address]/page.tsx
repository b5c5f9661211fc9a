import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { Chain } from "@/components/access/chain";
import { ProtocolSection } from "@/components/access/protocol-section";
import { SubjectSections } from "@/components/access/subject-sections";
import { KnownAs } from "@/components/accounts/known-as";
import { accountPath, addressIn, domainPath, pathName } from "@/components/accounts/paths";
import { LinkForm } from "@/components/clients/link-form";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { Notes } from "@/components/notes/notes";
import { AccountUse } from "@/components/use/account-use";
import { accountName } from "@/lib/core/access/form-schemas";
import { LONGEST_NOTE } from "@/lib/core/notes/note";
import { accountView } from "@/lib/server/accounts/account-view";
import { auditAccountLook } from "@/lib/server/audit/read";
import { localInput, serverZone } from "@/lib/server/local-time";
import { noteViews } from "@/lib/server/notes/notes";
import { accountUse } from "@/lib/server/use/account-use";
import { accountUseView } from "@/lib/server/use/account-use-view";
import { nodeFor } from "@/lib/server/web/node";
import { actorOf, authorOf, may, rankOf, requireOperator } from "@/lib/server/web/session";
import { ask, flip, resume, setRule, suspend, switchOffNow, undo } from "../../access-actions";
import { ClosingImpact } from "../../closing-impact";
import { decoded } from "../../decoded";
import { addNote, withdrawNote } from "../../note-actions";
import { makeLink } from "./actions";

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
  const node = await nodeFor(operator);
  const [account, use, notes] = await Promise.all([
    accountView(node, address, rankOf(operator)),
    accountUse(node.db, address).then(accountUseView),
    noteViews(node, address, authorOf(operator)),
  ]);
  if (!account) notFound();
  await auditAccountLook(node.db, actorOf(operator), address);
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
          subject={address}
          name={address}
          state={state}
          without="No rule of its own"
          zone={zone}
          until={state.own?.until ? localInput(state.own.until) : ""}
          mayChange={mayChange}
          flip={flip}
          setRule={setRule}
          undo={undo}
        >
          <Chain protocol={state.protocol.toUpperCase()} steps={account.chains[state.protocol]} now={now} />
          {state.effective === "allow" ? (
            <ClosingImpact node={node} protocol={state.protocol} scope={{ address }} />
          ) : null}
        </ProtocolSection>
      ))}
      <AccountUse use={use} now={now} />
      <SubjectSections
        subject={address}
        name={address}
        level="account"
        domainHref={domainPath(account.domain)}
        suspensions={account.suspensions}
        states={account.states}
        open={account.open}
        history={account.history}
        mayChange={mayChange}
        zone={zone}
        actions={{ suspend, resume, offNow: switchOffNow, undo }}
        now={now}
      />
      <Notes
        subject={address}
        name={address}
        notes={notes}
        longest={may(operator, "accounts.annotate") && account.known !== "never-listed" ? LONGEST_NOTE : null}
        add={addNote}
        withdraw={withdrawNote}
        now={now}
      />
      {mayChange && account.domain !== "" ? (
        <section aria-labelledby="set-up" className="space-y-3">
          <h2 id="set-up">Setting up a mail program</h2>
          <p className="text-sm text-ink-soft">
            A link that shows its owner the servers for this mailbox, by its own rules, and gives them to the
            program. What <a href={`${domainPath(account.domain)}/clients`}>everybody in the domain</a> is
            told is public.
          </p>
          <LinkForm address={address} action={makeLink} />
        </section>
      ) : null}
    </div>
  );
}
