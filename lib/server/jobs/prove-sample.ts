import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { MachineFailure } from "@/lib/core/apply/ports";
import { prove } from "../access/prove";
import type { MailNode } from "../node";

/** Accounts that are asked about after a bulk, besides one of each domain. */
const SAMPLE = 1000;
const BATCH = 100;

/** Asks the daemon about one account of every domain that a change touched, and about a sample of all. */
export async function proveSample(node: MailNode, changeId: number): Promise<string[]> {
  const [addresses, protocols] = await Promise.all([sampleOf(node, changeId), protocolsOf(node, changeId)]);
  let differing = 0;
  let asked = 0;
  try {
    for (let start = 0; start < addresses.length; start += BATCH) {
      const results = await prove(node, addresses.slice(start, start + BATCH), protocols);
      asked += results.filter(({ seen }) => seen === "allow" || seen === "deny").length;
      differing += results.filter(({ differs }) => differs).length;
    }
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return [`Not proved: ${error.message}`];
  }
  if (differing > 0) return [`Dovecot contradicts ${differing} of ${asked} answers: see the alarms.`];
  return asked > 0
    ? [`Dovecot was asked ${asked.toLocaleString("en")} times and agrees with every rule.`]
    : [];
}

/** Those that it touched. */
async function protocolsOf({ db }: MailNode, changeId: number): Promise<Protocol[]> {
  const rows = await db.$queryRaw<{ protocol: string }[]>`
    SELECT DISTINCT "protocol" FROM "AccessChangeItem" WHERE "changeId" = ${changeId}`;
  return PROTOCOLS.filter((protocol) =>
    rows.some((row) => row.protocol === protocol || row.protocol === "all"),
  );
}

async function sampleOf({ db }: MailNode, changeId: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ address: string }[]>`
    SELECT min(i."subject") AS "address" FROM "AccessChangeItem" i CROSS JOIN "Account" a ON a."address" = i."subject"
    WHERE i."changeId" = ${changeId} AND a."vanishedAt" IS NULL GROUP BY a."domain"
    UNION SELECT * FROM (
      SELECT i."subject" FROM "AccessChangeItem" i CROSS JOIN "Account" a ON a."address" = i."subject"
      WHERE i."changeId" = ${changeId} AND a."vanishedAt" IS NULL ORDER BY random() LIMIT ${SAMPLE})`;
  return rows.map(({ address }) => address);
}
