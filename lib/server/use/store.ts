import { Prisma } from "@/prisma/client/client";
import type { Write } from "../database/client";
import type { Tally } from "./tally";

const COUNTS = ["count", "tls", "starttls", "encrypted", "local", "cleartext", "webmail"] as const;

/** Adds what a part of a log came to. Rows come sorted, so that neighbours are written together. */
export async function addTally(
  write: Write,
  { accounts, days, hours, addresses, sessions }: Tally,
): Promise<void> {
  if (accounts.length === 0) return;
  await write.$executeRaw`
    INSERT INTO "AccountUse" ("protocol", "address", "domain", "lastAt", "security", "tlsVersion", "webmailAt", "clientAt", "clearAt")
    ${rowsOf(accounts, 9)}
    ON CONFLICT ("protocol", "address") DO UPDATE SET
      "security" = CASE WHEN excluded."lastAt" >= "lastAt" THEN excluded."security" ELSE "security" END,
      "tlsVersion" = CASE WHEN excluded."lastAt" >= "lastAt" THEN excluded."tlsVersion" ELSE "tlsVersion" END,
      "lastAt" = max("lastAt", excluded."lastAt"),
      "webmailAt" = ${later("webmailAt")}, "clientAt" = ${later("clientAt")}, "clearAt" = ${later("clearAt")}`;
  await write.$executeRaw`
    INSERT INTO "UseDay" ("day", "protocol", "address", ${columns(COUNTS)})
    ${rowsOf(days, 3 + COUNTS.length)}
    ON CONFLICT ("day", "protocol", "address") DO UPDATE SET ${added(COUNTS)}`;
  await write.$executeRaw`
    INSERT INTO "UseHour" ("hour", "protocol", ${columns(COUNTS)})
    ${rowsOf(hours, 2 + COUNTS.length)}
    ON CONFLICT ("hour", "protocol") DO UPDATE SET ${added(COUNTS)}`;
  await write.$executeRaw`
    INSERT INTO "UseAddress" ("address", "protocol", "remote", "firstAt", "lastAt", "count")
    ${rowsOf(addresses, 6)}
    ON CONFLICT ("address", "protocol", "remote") DO UPDATE SET
      "firstAt" = min("firstAt", excluded."firstAt"), "lastAt" = max("lastAt", excluded."lastAt"), ${added(["count"])}`;
  await write.$executeRaw`
    INSERT INTO "SessionSeen" ("pid", "address", "protocol", "signedInAt", "security", "tlsVersion")
    ${rowsOf(sessions, 6)}
    ON CONFLICT ("pid", "address") DO UPDATE SET "protocol" = excluded."protocol", "signedInAt" = excluded."signedInAt",
      "security" = excluded."security", "tlsVersion" = excluded."tlsVersion", "input" = NULL, "activeAt" = NULL`;
}

/** `WHERE true`: else SQLite takes what follows for the condition of a join. */
function rowsOf(rows: readonly unknown[][], width: number): Prisma.Sql {
  const cells = Array.from({ length: width }, (_, at) => Prisma.raw(`json_extract(j.value, '$[${at}]')`));
  const sorted = rows.map((row) => JSON.stringify(row)).toSorted();
  return Prisma.sql`SELECT ${Prisma.join(cells)} FROM json_each(${`[${sorted.join(",")}]`}) j WHERE true`;
}

function columns(names: readonly string[]): Prisma.Sql {
  return Prisma.raw(names.map((name) => `"${name}"`).join(", "));
}

function added(names: readonly string[]): Prisma.Sql {
  return Prisma.raw(names.map((name) => `"${name}" = "${name}" + excluded."${name}"`).join(", "));
}

function later(name: string): Prisma.Sql {
  return Prisma.raw(`nullif(max(coalesce("${name}", -1), coalesce(excluded."${name}", -1)), -1)`);
}
