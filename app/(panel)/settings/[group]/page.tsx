import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { OptionForm } from "@/components/panel/option-form";
import { isOptionGroup, optionGroups } from "@/lib/core/panel/groups";
import { database } from "@/lib/server/database/client";
import { optionViews } from "@/lib/server/panel-views";
import { requireFresh } from "@/lib/server/web/fresh";
import { requireOperator } from "@/lib/server/web/session";
import { saveOptions } from "./actions";

export const metadata: Metadata = { title: "Panel settings" };

export default async function OptionGroupPage({ params }: { params: Promise<{ group: string }> }) {
  const operator = await requireOperator("panel.read");
  const { group } = await params;
  if (!isOptionGroup(group)) notFound();
  if (group === "operators") await requireFresh(operator);
  const { label, help } = optionGroups[group];
  const { version, views } = await optionViews(database(), group);
  return (
    <div className="space-y-4">
      <Breadcrumb
        crumbs={[{ label: "Home", href: "/" }, { label: "Panel settings", href: "/settings" }, { label }]}
      />
      <h1>{label}</h1>
      <p className="text-ink-soft">{help}</p>
      <OptionForm group={group} version={version} options={views} action={saveOptions} />
    </div>
  );
}
