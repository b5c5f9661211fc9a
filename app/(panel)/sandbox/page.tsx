import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { AccountTable } from "@/components/sandbox/account-table";
import { sandboxAccounts } from "@/lib/server/sandbox/accounts";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";
import { recentStatus } from "@/lib/server/web/status";

export const metadata: Metadata = { title: "Sample mailboxes" };

export default async function SandboxPage() {
  const operator = await requireOperator("sandbox.read");
  const [{ home, kind }, { listeners }] = await Promise.all([nodeFor(operator), recentStatus()]);
  // An adopted server has none.
  if (kind !== "sandbox") notFound();
  const accounts = await sandboxAccounts(home);
  return (
    <div className="space-y-6">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Sample mailboxes" }]} />
      <h1>Sample mailboxes</h1>
      <p>
        This Portcullis runs a private Dovecot with made-up mail. Point any mail client at it: the user name
        is the whole address, and the certificate is self-signed, so the client will ask whether to trust it.
      </p>
      <AccountTable accounts={accounts} listeners={listeners} />
    </div>
  );
}
