import type { LinkView } from "@/lib/core/client-config/views";
import { coversSubject } from "@/lib/core/operators/roles";
import { audit } from "../audit";
import type { Actor } from "../mailserver/revisions";
import type { MailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { tellInstant } from "../tell-instant";
import { type Told, toldOfAccount } from "./config";
import { clientToken, readClientToken } from "./links";
import { serverFacts } from "./server-facts";

/** What the owner of an account sees by a link. */
export interface OwnClients {
  address: string;
  expiresAt: Date;
  /** Null while the server can't say. */
  told: Told | null;
}

/** Makes a link to an account's own set-up. Nothing is kept of it: it is good until it expires or the account is gone. */
export async function makeClientLink(node: MailNode, actor: Actor, address: string): Promise<LinkView> {
  const account = await node.db.account.findUnique({ where: { address } });
  if (!account || account.vanishedAt !== null || !coversSubject(node.scope, address)) {
    const message = `The server's last listing doesn't name ${address}: a link would lead to nothing.`;
    return { url: "", sentence: "", problems: [{ key: "address", message }] };
  }
  const { linkDays } = (await panelSettings(node.db, "clients")).values;
  const { token, expiresAt } = await clientToken(node.home, address, linkDays);
  const until = tellInstant(expiresAt.getTime() / 1000);
  const sentences = [`A link to the set-up of ${address}, good until ${until}`];
  await audit(node.db, { actor, action: "client-link.make", outcome: "done", subject: address, sentences });
  const base = process.env.PORTCULLIS_URL ?? "http://127.0.0.1";
  return {
    url: new URL(`/client-setup/${token}`, base).href,
    sentence: `Good until ${until}. Whoever has it sees how the mailbox is set up, and not its mail.`,
    problems: [],
  };
}

/** Undefined for a link that isn't good, or whose account is gone. */
export async function ownClients(
  node: MailNode,
  token: string,
  status: () => Promise<MailserverStatus>,
): Promise<OwnClients | undefined> {
  const link = await readClientToken(node.home, token);
  const account = link && (await node.db.account.findUnique({ where: { address: link.address } }));
  if (!link || !account || account.vanishedAt !== null) return undefined;
  const now = await status();
  const facts = now.dovecot.running ? await serverFacts(node, now) : undefined;
  return { ...link, told: facts ? await toldOfAccount(node.db, facts, account) : null };
}
