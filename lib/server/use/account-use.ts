import { USED_DAYS } from "@/lib/core/access/filter";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Database } from "../database/client";
import { panelSettings } from "../panel-settings";
import { type Coverage, coverageLimits, coverageOf } from "./coverage";
import { isListed, networksOf } from "./networks";
import { DAY_S } from "./tally";
import { type LastUse, usesOf } from "./uses-of";

/** What is known of an account's sign-ins. Instants in Unix seconds. */
export interface AccountUse {
  protocols: ProtocolUse[];
  /** Where it came from, the latest first. */
  addresses: UsedAddress[];
  /** How many days they are kept; 0: none are. */
  addressDays: number;
  coverage: Coverage;
  /** What isn't known of the last 30 days, a sentence each. */
  limits: string[];
}

interface ProtocolUse {
  protocol: Protocol;
  last: LastUse | undefined;
  /** Within 30 days: all of them, and of those by webmail and over a network without TLS. */
  times: number;
  webmail: number;
  cleartext: number;
}

interface UsedAddress {
  protocol: Protocol;
  remote: string;
  firstAt: number;
  lastAt: number;
  count: number;
  isWebmail: boolean;
}

const SHOWN_ADDRESSES = 50;

/** `address` folded. */
export async function accountUse(db: Database, address: string, node = "local"): Promise<AccountUse> {
  const today = Math.floor(Date.now() / 1000 / DAY_S);
  const days = Array.from({ length: USED_DAYS }, (_, back) => today - back);
  const [uses, counted, addresses, { values }, coverage] = await Promise.all([
    usesOf(db, [address]),
    db.useDay.groupBy({
      by: ["protocol"],
      where: { day: { in: days }, protocol: { in: [...PROTOCOLS] }, address },
      _sum: { count: true, webmail: true, cleartext: true },
    }),
    db.useAddress.findMany({ where: { address }, orderBy: { lastAt: "desc" }, take: SHOWN_ADDRESSES }),
    panelSettings(db, "use"),
    coverageOf(db, node),
  ]);
  const webmail = networksOf(values.webmail);
  return {
    protocols: PROTOCOLS.map((protocol) => {
      const sum = counted.find((row) => row.protocol === protocol)?._sum;
      return {
        protocol,
        last: uses.get(address)?.[protocol],
        times: sum?.count ?? 0,
        webmail: sum?.webmail ?? 0,
        cleartext: sum?.cleartext ?? 0,
      };
    }),
    addresses: addresses.map(({ protocol, remote, firstAt, lastAt, count }) => ({
      protocol: protocol as Protocol,
      remote,
      firstAt,
      lastAt,
      count,
      isWebmail: isListed(webmail, remote),
    })),
    addressDays: values.addressDays,
    coverage,
    limits: coverageLimits(coverage, USED_DAYS),
  };
}
