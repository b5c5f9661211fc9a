import type { Metadata } from "next";
import { ServerTable } from "@/components/clients/server-table";
import { exactWords } from "@/components/ui/time-words";
import { linkedClients } from "@/lib/server/web/clients/own-answers";

export const metadata: Metadata = {
  title: "Set up your mail program",
  robots: { index: false, follow: false },
  // The address of this page is a secret.
  referrer: "no-referrer",
};

/** Open to whoever has the link: how one mailbox is set up. */
export default async function ClientSetupPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const own = await linkedClients(token);
  if (!own) return <BadLink />;
  const { address, expiresAt, told } = own;
  const config = told?.config;
  const base = `/client-setup/${encodeURIComponent(token)}`;
  return (
    <div className="space-y-6">
      <div className="space-y-1">
        <h1>Set up your mail program</h1>
        <p className="text-ink-soft wrap-anywhere">For the mailbox {address}</p>
      </div>
      {config ? (
        <>
          <ServerTable
            incoming={config.incoming}
            outgoing={config.outgoing}
            caption="Servers for this mailbox"
          />
          <p className="text-sm wrap-anywhere">
            User name: <strong>{address}</strong>. The password is the mailbox’s. The first line is the best
            choice.
          </p>
          <ul className="space-y-2">
            {config.outgoing ? (
              <li>
                <a href={`${base}/mail.mobileconfig`}>Profile for iPhone, iPad and Mac</a>
              </li>
            ) : null}
            <li>
              <a href={`${base}/config-v1.1.xml`}>Configuration for Thunderbird (XML)</a>
            </li>
          </ul>
        </>
      ) : told ? (
        <p>Nothing is open for this mailbox now. Ask whoever runs your mail server.</p>
      ) : (
        <p>The mail server can’t be asked at the moment. Try again in a minute.</p>
      )}
      <p className="text-sm text-ink-soft">
        This link is good until{" "}
        <time dateTime={expiresAt.toISOString()}>{exactWords(expiresAt.toISOString())}</time>. Keep it to
        yourself.
      </p>
    </div>
  );
}

/** Said by the page itself: what Next shows for a missing page is blank without JavaScript. */
function BadLink() {
  return (
    <div className="space-y-3">
      <h1>This link can’t be used</h1>
      <p>It is incomplete, or has expired. Ask whoever runs your mail server for a new one.</p>
    </div>
  );
}
