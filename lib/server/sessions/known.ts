import { domainOf, foldName } from "@/lib/core/access/name";
import { isInScope } from "@/lib/core/operators/roles";
import type { Security } from "@/lib/core/use/security";
import type { OpenSession } from "@/lib/system/dovecot/sessions";
import { Prisma } from "@/prisma/client/client";
import { jsonOf } from "../database/json-of";
import type { Scoped } from "../node";

/** An open session, with what the log and its process tell of it. */
export interface KnownSession extends OpenSession {
  /** When it signed in, as the log has it. */
  signedInAt: Date | undefined;
  security: Security | undefined;
  /** Empty where it isn't known or there is none. */
  tlsVersion: string;
  /** Seconds since something came from it; it is looked at once a minute. */
  idleS: number | undefined;
}

type Row = [
  pid: number,
  address: string,
  protocol: string,
  signedInAt: number | null,
  security: string,
  tlsVersion: string,
  activeAt: number | null,
];

/** Of those that are the operator's. */
export async function withKnown({ db, scope }: Scoped, all: readonly OpenSession[]): Promise<KnownSession[]> {
  const open = all.filter(({ username }) => isInScope(scope, domainOf(foldName(username))));
  const rows = await jsonOf<Row[]>(
    db,
    Prisma.sql`
      SELECT json_group_array(json_array("pid", "address", "protocol", "signedInAt", "security", "tlsVersion", "activeAt"))
      FROM "SessionSeen"`,
  );
  const known = new Map(rows.map((row) => [`${row[0]} ${row[1]} ${row[2]}`, row]));
  const now = Date.now() / 1000;
  return open.map((session) => {
    const row = known.get(`${session.pid} ${foldName(session.username)} ${session.protocol}`);
    const [, , , signedInAt = null, security = "", tlsVersion = "", activeAt = null] = row ?? [];
    return {
      ...session,
      signedInAt: signedInAt === null ? undefined : new Date(signedInAt * 1000),
      security: security === "" ? undefined : (security as Security),
      tlsVersion,
      idleS: activeAt === null ? undefined : Math.max(0, Math.round(now - activeAt)),
    };
  });
}
