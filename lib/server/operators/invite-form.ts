import type { NewLinkView } from "@/lib/core/operators/views";
import { panelUrl } from "../alerts/panel-url";
import { type Database, database } from "../database/client";
import { currentHome } from "../home";
import type { Actor } from "../mailserver/revisions";
import { tellInstant } from "../tell-instant";
import { makeResetLink } from "./change";
import { invite } from "./links";
import { mailLink } from "./mail-link";

/** What the page of operators shows of an invitation that was just made; without an address where it was refused. */
export async function inviteByPage(
  actor: Actor,
  invitation: Parameters<typeof invite>[2],
  byMail: boolean,
): Promise<NewLinkView> {
  const db = database();
  const made = await invite(db, actor, invitation);
  if (!made.ok) return { sentences: [made.message], url: "" };
  const url = await urlOf(`/invite/${made.token}`);
  const until = `It is good once, until ${tellInstant(made.expiresAt.getTime() / 1000)}.`;
  const mailed = byMail
    ? [
        await mailLink(db, invitation.email, {
          subject: "Invitation to Portcullis",
          sentences: [`${actor.name} invites you to Portcullis as ${invitation.role}.`, until],
          url,
        }),
      ]
    : [];
  const unknown = await unknownDomains(db, invitation.scope ?? []);
  return { sentences: [`Give ${invitation.email} this link. ${until}`, ...mailed, ...unknown], url };
}

/** What an operator's page shows of a link for a new password. */
export async function resetByPage(actor: Actor, id: string): Promise<NewLinkView> {
  const made = await makeResetLink(database(), actor, id);
  if (!made.ok) return { sentences: [made.message], url: "" };
  return {
    sentences: [
      `Give its owner this link. It is good once, until ${tellInstant(made.expiresAt.getTime() / 1000)}; the present password works until then.`,
    ],
    url: await urlOf(`/reset/${made.token}`),
  };
}

/** Domains that no account has yet: it may be a slip. */
export async function unknownDomains(db: Database, domains: readonly string[]): Promise<string[]> {
  if (domains.length === 0) return [];
  const known = await db.domain.findMany({
    where: { name: { in: [...domains] } },
    select: { name: true },
  });
  const names = new Set(known.map(({ name }) => name));
  const unknown = domains.filter((domain) => !names.has(domain));
  return unknown.length === 0 ? [] : [`No account is known of ${unknown.join(", ")}.`];
}

async function urlOf(path: string): Promise<string> {
  return `${(await panelUrl(currentHome())) ?? ""}${path}`;
}
