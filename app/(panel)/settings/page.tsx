import type { Metadata } from "next";
import Link from "next/link";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { optionGroupKeys, optionGroups } from "@/lib/core/panel/groups";
import { requireOperator } from "@/lib/server/web/session";

export const metadata: Metadata = { title: "Panel settings" };

export default async function PanelSettingsPage() {
  await requireOperator("panel.read");
  return (
    <div className="space-y-4">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Panel settings" }]} />
      <h1>Panel settings</h1>
      <p className="text-ink-soft">
        Of Portcullis itself. What the mail daemon obeys is under{" "}
        <Link href="/mailserver">Mailserver Configuration</Link>.
      </p>
      <ul className="divide-y divide-line border-line border-y">
        {optionGroupKeys.map((key) => (
          <li key={key} className="py-3">
            <Link href={`/settings/${key}`} className="font-medium">
              {optionGroups[key].label}
            </Link>
            <p className="text-sm text-ink-soft">{optionGroups[key].help}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
