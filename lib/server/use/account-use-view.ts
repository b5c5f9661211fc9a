import { USED_DAYS } from "@/lib/core/access/filter";
import type { AccountUseView } from "@/lib/core/access/views";
import type { AccountUse } from "./account-use";
import { securityWords } from "./uses-of";

export function accountUseView({
  protocols,
  addresses,
  addressDays,
  coverage,
  limits,
}: AccountUse): AccountUseView {
  return {
    protocols: protocols.map(({ protocol, last, times, webmail, cleartext }) => ({
      protocol,
      lastAt: last ? isoAt(last.lastAt) : null,
      how: last ? securityWords(last) : "",
      times: timesWords(times, webmail, cleartext),
    })),
    addresses: addresses.map(({ firstAt, lastAt, ...one }) => ({
      ...one,
      firstAt: isoAt(firstAt),
      lastAt: isoAt(lastAt),
    })),
    addressDays,
    since: coverage.since === undefined ? null : isoAt(coverage.since),
    limits,
  };
}

function timesWords(times: number, webmail: number, cleartext: number): string {
  const parts = [
    ...(webmail > 0 ? [`${webmail.toLocaleString("en")} by webmail`] : []),
    ...(cleartext > 0 ? [`${cleartext.toLocaleString("en")} without TLS`] : []),
  ];
  const all = `${times.toLocaleString("en")} ${times === 1 ? "time" : "times"} within ${USED_DAYS} days`;
  return parts.length === 0 ? all : `${all}, of which ${parts.join(" and ")}`;
}

function isoAt(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
