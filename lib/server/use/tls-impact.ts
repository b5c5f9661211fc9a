import { USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Change } from "@/lib/core/settings/changes";
import type { Impact } from "@/lib/core/use/impact";
import { TLS_VERSIONS } from "@/lib/core/use/security";
import { Prisma } from "@/prisma/client/client";
import type { MailNode } from "../node";
import { coverageLimits, coverageOf } from "./coverage";
import { list, sinceDays, UNLISTED } from "./impact";

const IS_TLS = Prisma.sql`"security" IN ('tls', 'starttls', 'encrypted')`;

/** Whom a change of what TLS must be would shut out; undefined for a change that shuts nobody out by it. */
export async function tlsImpact(node: MailNode, { key, to }: Change): Promise<Impact | undefined> {
  switch (key) {
    case "plaintext_auth":
      return to === false ? await withoutTls(node) : undefined;
    case "tls_required":
      return to === true ? await withoutTls(node) : undefined;
    case "tls_min_protocol":
      return typeof to === "string" ? await olderThan(node, to) : undefined;
    case "tls_ciphers":
    case "tls13_suites":
      return await byCiphers(node);
    case "imap_tls_only":
      return to === true ? await notByTlsPort(node, "imap") : undefined;
    case "pop3_tls_only":
      return to === true ? await notByTlsPort(node, "pop3") : undefined;
    default:
      return undefined;
  }
}

/** Who signed in with TLS since may have another program that doesn't: any sign-in without it counts. */
async function withoutTls(node: MailNode): Promise<Impact> {
  const isClear = Prisma.sql`"clearAt" > ${sinceDays(USED_DAYS)}`;
  const { used, unlisted } = await countAccounts(node, PROTOCOLS, isClear);
  const lists = [list("used", "Who signed in without TLS", { cleartext: USED_DAYS })];
  return await impact(node, { what: "sign-ins without TLS", used, unlisted, unknown: null, lists });
}

async function olderThan(node: MailNode, least: string): Promise<Impact> {
  const older = TLS_VERSIONS.slice(
    0,
    Math.max(
      0,
      TLS_VERSIONS.findIndex((version) => version === least),
    ),
  );
  const isOlder =
    older.length === 0 ? Prisma.sql`FALSE` : Prisma.sql`"tlsVersion" IN (${Prisma.join([...older])})`;
  const isUnknown = Prisma.sql`${IS_TLS} AND "tlsVersion" = ''`;
  const [{ used, unlisted }, { used: unknown }] = await Promise.all([
    countAccounts(node, PROTOCOLS, isOlder),
    countAccounts(node, PROTOCOLS, isUnknown),
  ]);
  const lists = [
    ...older.map((tls) => list("used", `Who used ${words(tls)} last`, { tls })),
    list("unknown", "Whose version is not known", { tls: "unknown" }),
  ];
  return await impact(node, { what: `TLS older than ${words(least)}`, used, unlisted, unknown, lists });
}

/** The log has each sign-in's cipher, and not which others the program could have used. */
async function byCiphers(node: MailNode): Promise<Impact> {
  const { used: unknown } = await countAccounts(node, PROTOCOLS, IS_TLS);
  const lists = [
    list("unknown", "Who signed in by TLS", { security: "tls" }),
    list("unknown", "Who signed in by STARTTLS", { security: "starttls" }),
    list("unknown", "Who signed in by either", { security: "encrypted" }),
  ];
  const what = "ciphers that are no longer offered";
  return await impact(node, { what, used: 0, unlisted: 0, unknown, lists });
}

async function notByTlsPort(node: MailNode, protocol: Protocol): Promise<Impact> {
  const isOther = Prisma.sql`"security" IN ('starttls', 'local', 'cleartext')`;
  const isUnknown = Prisma.sql`"security" = 'encrypted'`;
  const [{ used, unlisted }, { used: unknown }] = await Promise.all([
    countAccounts(node, [protocol], isOther),
    countAccounts(node, [protocol], isUnknown),
  ]);
  const lately = { [`${protocol}-used`]: USED_DAYS };
  const lists = [
    list("used", "Who signed in by STARTTLS", { security: "starttls", ...lately }),
    list("used", "Who signed in without TLS", { security: "cleartext", ...lately }),
  ];
  const what = `${protocol.toUpperCase()} on the port without TLS`;
  return await impact(node, { what, used, unlisted, unknown, lists });
}

/**
 * Accounts of which it holds at the last sign-in by any of the protocols; each counts once. No index has what is asked of
 * them, so the whole table is read as it lies.
 */
async function countAccounts(
  { db }: MailNode,
  protocols: readonly Protocol[],
  condition: Prisma.Sql,
): Promise<{ used: number; unlisted: number }> {
  const [row] = await db.$queryRaw<{ used: number | bigint; unlisted: number | bigint }[]>`
    SELECT count(*) AS "used", count(*) FILTER (WHERE ${UNLISTED}) AS "unlisted" FROM (
      SELECT DISTINCT "domain", "address" FROM "AccountUse" NOT INDEXED
      WHERE "protocol" IN (${Prisma.join([...protocols])}) AND "lastAt" > ${sinceDays(USED_DAYS)} AND ${condition}) u`;
  return { used: Number(row?.used ?? 0), unlisted: Number(row?.unlisted ?? 0) };
}

async function impact(
  { db, name }: MailNode,
  facts: Pick<Impact, "what" | "used" | "unlisted" | "unknown" | "lists">,
): Promise<Impact> {
  return {
    ...facts,
    days: USED_DAYS,
    only: null,
    connected: null,
    limits: [
      "Looked at is each account's last sign-in by each protocol: another program of the same account may do otherwise.",
      ...coverageLimits(await coverageOf(db, name), USED_DAYS),
    ],
  };
}

function words(version: string): string {
  return version.replace("v", " ").replace(/^TLS 1$/, "TLS 1.0");
}
