import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { ActForm } from "@/components/operators/act-form";
import { ConfirmFirst } from "@/components/operators/confirm-first";
import { OperatorFacts } from "@/components/operators/operator-facts";
import { ResetForm } from "@/components/operators/reset-form";
import { RoleForm } from "@/components/operators/role-form";
import { Notice } from "@/components/ui/notice";
import { database } from "@/lib/server/database/client";
import { operatorView } from "@/lib/server/operators/list";
import { isFresh } from "@/lib/server/web/fresh";
import { may, requireOperator } from "@/lib/server/web/session";
import { actOnOperator, makeLink, setRole } from "./actions";

export const metadata: Metadata = { title: "Operator" };

export default async function OperatorPage({ params }: { params: Promise<{ id: string }> }) {
  const operator = await requireOperator("operators.read");
  const { id } = await params;
  const view = await operatorView(database(), id);
  if (!view) notFound();
  const mayChange = may(operator, "operators.change");
  const fresh = await isFresh(operator);
  return (
    <div className="space-y-6">
      <Breadcrumb
        crumbs={[
          { label: "Home", href: "/" },
          { label: "Operators", href: "/operators" },
          { label: view.email },
        ]}
      />
      <h1 className="wrap-anywhere">{view.email}</h1>
      {view.id === operator.id ? (
        <Notice tone="plain" title="This is you.">
          <p>
            Password, second factor and sessions of your own are under <Link href="/me">Your sign-in</Link>.
          </p>
        </Notice>
      ) : null}
      <OperatorFacts operator={view} now={new Date().toISOString()} />
      {mayChange && !fresh ? <ConfirmFirst next={`/operators/${id}`} what="change an operator" /> : null}
      {mayChange && fresh ? (
        <>
          <RoleForm operator={view} action={setRole} />
          <section aria-labelledby="access" className="space-y-4">
            <h2 id="access">Access</h2>
            <ResetForm id={view.id} action={makeLink} />
            <ActForm operator={view} action={actOnOperator} />
          </section>
        </>
      ) : null}
    </div>
  );
}
