import { PROTOCOLS } from "@/lib/core/access/rules";
import type { Change } from "@/lib/core/settings/changes";
import type { Impact } from "@/lib/core/use/impact";
import type { MailNode } from "../node";
import { protocolImpact } from "./impact";
import { tlsImpact } from "./tls-impact";

/** What changes of the server's settings would do to those who use what they close. */
export async function closingImpacts(node: MailNode, changes: readonly Change[]): Promise<Impact[]> {
  const closed = PROTOCOLS.filter((protocol) =>
    changes.some(({ key, to }) => key === protocol && to === false),
  );
  const byTls = await Promise.all(changes.map((change) => tlsImpact(node, change)));
  return [
    ...(await Promise.all(closed.map((protocol) => protocolImpact(node, protocol)))),
    ...new Map(byTls.flatMap((one) => (one ? [[one.what, one] as const] : []))).values(),
  ];
}
