import type { Metadata } from "next";
import { Adopted } from "@/components/adopt/adopted";
import { Candidate } from "@/components/adopt/candidate";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { CopyText } from "@/components/ui/copy-text";
import { Notice } from "@/components/ui/notice";
import { adoptionView } from "@/lib/server/adopt/view";
import { nodeFor } from "@/lib/server/web/node";
import { requireOperator } from "@/lib/server/web/session";

export const metadata: Metadata = { title: "Adopt a server" };

export default async function AdoptPage() {
  const operator = await requireOperator("adoption.read");
  const { home } = await nodeFor(operator);
  const view = await adoptionView(home);
  return (
    <div className="space-y-6">
      <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Adopt a server" }]} />
      <h1>{view.kind === "adopted" ? "Adopted server" : "Adopt a server"}</h1>
      {view.kind === "candidate" ? <Candidate view={view} /> : null}
      {view.kind === "adopted" ? <Adopted view={view} now={new Date().toISOString()} /> : null}
      {view.kind === "none" ? (
        <>
          <Notice tone="warn" title="No Dovecot of this machine could be looked at.">
            <p>{view.sentence}</p>
          </Notice>
          <p>
            Where there is one whose files this panel may not read, run this as root on the host; --config
            names its main file, and --dry-run shows what was found and the plan, and writes nothing.
          </p>
          <CopyText id="adopt-command" label="Command" text={view.command} />
        </>
      ) : null}
    </div>
  );
}
