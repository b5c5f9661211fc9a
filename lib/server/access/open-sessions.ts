import { PROTOCOLS } from "@/lib/core/access/rules";
import type { Subject } from "@/lib/core/access/subject";
import type { OpenSessionsView } from "@/lib/core/access/views";
import type { MailNode } from "../node";
import { sessionsLately } from "../sessions/lately";
import { sessionsOf, sessionsToEnd } from "./off-now";

/** Who of a subject is signed in now, and how many of them off-now would end. */
export async function openSessionsView(node: MailNode, subject: Subject): Promise<OpenSessionsView[]> {
  const all = await sessionsLately(node.instance);
  return await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      const open = all && sessionsOf(all, subject, protocol);
      const ending = open && (await sessionsToEnd(node, open, subject, protocol));
      return {
        protocol,
        sessions: open?.map(({ username, ip, pid }) => ({ username, ip, pid })) ?? null,
        ending: ending?.length ?? null,
      };
    }),
  );
}
