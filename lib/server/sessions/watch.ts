import { foldName } from "@/lib/core/access/name";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type OpenSession, openSessions } from "@/lib/system/dovecot/sessions";
import { bytesReadBy } from "@/lib/system/processes";
import type { Write } from "../database/client";
import type { MailNode } from "../node";

/** One count stands for so many seconds. */
const COUNT_SPAN_S = 300;
/** A session of which the log tells may take so long to be among those that the daemon tells of. */
const NEW_S = 120;
const AT_ONCE = 100;

/** Looks at who is connected: how many, and who of them sent anything since the last look. Nothing where the daemon can't be asked. */
export async function watchSessions(node: MailNode): Promise<void> {
  const open = await openSessions(node.instance);
  if (!open) return;
  const inputs = await inputsOf(open);
  const now = Math.floor(Date.now() / 1000);
  await node.db.$transaction(async (write) => {
    await noteCounts(write, node.name, open, now);
    await noteInputs(write, inputs, now);
    await write.$executeRaw`
      DELETE FROM "SessionSeen" WHERE coalesce("signedInAt", 0) < ${now - NEW_S}
        AND "pid" || ' ' || "address" NOT IN (SELECT value FROM json_each(${JSON.stringify(open.map(keyOf))}))`;
  });
}

function keyOf({ pid, username }: OpenSession): string {
  return `${pid} ${foldName(username)}`;
}

async function noteCounts(
  write: Write,
  node: string,
  open: readonly OpenSession[],
  now: number,
): Promise<void> {
  const at = now - (now % COUNT_SPAN_S);
  const counts = new Map<string, number>(PROTOCOLS.map((protocol) => [protocol, 0]));
  for (const { protocol } of open) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  for (const [protocol, count] of counts)
    await write.$executeRaw`
      INSERT INTO "SessionCount" ("at", "node", "protocol", "open") VALUES (${at}, ${node}, ${protocol}, ${count})
      ON CONFLICT ("at", "node", "protocol") DO UPDATE SET "open" = max("open", excluded."open")`;
}

type Input = [pid: number, address: string, protocol: string, bytes: number];

/** Of sessions with a process of their own. Where it belongs to somebody else, nothing can be told. */
async function inputsOf(open: readonly OpenSession[]): Promise<Input[]> {
  const sharing = new Map<number, number>();
  for (const { pid } of open) sharing.set(pid, (sharing.get(pid) ?? 0) + 1);
  const alone = open.filter(({ pid }) => sharing.get(pid) === 1);
  const inputs: Input[] = [];
  for (let from = 0; from < alone.length; from += AT_ONCE) {
    const part = alone.slice(from, from + AT_ONCE);
    const bytes = await Promise.all(part.map(({ pid }) => bytesReadBy(pid)));
    for (const [at, { pid, username, protocol }] of part.entries()) {
      const read = bytes[at];
      if (read !== undefined) inputs.push([pid, foldName(username), protocol, read]);
    }
  }
  return inputs;
}

/** A session that was not known is active from now on; of one that is, what it read tells. */
async function noteInputs(write: Write, inputs: readonly Input[], now: number): Promise<void> {
  await write.$executeRaw`
    INSERT INTO "SessionSeen" ("pid", "address", "protocol", "security", "tlsVersion", "input", "activeAt")
    SELECT json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]'), json_extract(j.value, '$[2]'), '', '',
      json_extract(j.value, '$[3]'), ${now}
    FROM json_each(${JSON.stringify(inputs)}) j WHERE true
    ON CONFLICT ("pid", "address") DO UPDATE SET
      "activeAt" = CASE WHEN "input" IS excluded."input" THEN "activeAt" ELSE ${now} END, "input" = excluded."input"`;
}
