import { PROTOCOLS } from "@/lib/core/access/rules";
import { openSessions } from "@/lib/system/dovecot/sessions";
import type { MailNode } from "../node";

/** Notes how many sessions are open now, by protocol; nothing where the daemon can't be asked. */
export async function countSessions({ db, instance, name: node }: MailNode): Promise<void> {
  const open = await openSessions(instance);
  if (!open) return;
  const counts = new Map<string, number>(PROTOCOLS.map((protocol) => [protocol, 0]));
  for (const { protocol } of open) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  const at = Math.floor(Date.now() / 1000);
  await db.sessionCount.createMany({
    data: [...counts].map(([protocol, count]) => ({ at, node, protocol, open: count })),
  });
}
