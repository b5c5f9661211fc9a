import type { Metadata } from "next";
import { Breadcrumb } from "@/components/frame/breadcrumb";
import { TokenForm } from "@/components/tokens/token-form";
import { TokenTable } from "@/components/tokens/token-table";
import { TOKEN_DAYS } from "@/lib/server/api/tokens";
import { ownTokenViews } from "@/lib/server/web/own-tokens";
import { requireOperator } from "@/lib/server/web/session";
import { makeToken, revoke } from "./actions";

export const metadata: Metadata = { title: "Tokens" };

export default async function TokensPage() {
  const operator = await requireOperator("self.change");
  const tokens = await ownTokenViews(operator);
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <Breadcrumb crumbs={[{ label: "Home", href: "/" }, { label: "Tokens" }]} />
        <h1>Tokens</h1>
        <p className="text-ink-soft">
          Ways in for programs over the HTTP API. A token can never do more than you can, also when what you
          may do changes. <a href="/api/v1/docs">How the API is used</a>
        </p>
      </div>
      <section aria-labelledby="own" className="space-y-3">
        <h2 id="own">Your tokens</h2>
        <TokenTable tokens={tokens} now={new Date().toISOString()} revoke={revoke} />
      </section>
      <section aria-labelledby="make" className="space-y-3">
        <h2 id="make">Make a token</h2>
        <TokenForm
          role={operator.role}
          domains={operator.scope?.map((name) => name || "@").join(" ") ?? null}
          days={TOKEN_DAYS}
          action={makeToken}
        />
      </section>
    </div>
  );
}
