import { Prisma } from "@/prisma/client/client";
import type { Database } from "../database/client";
import { DAY_S } from "./tally";

export interface KeptMail {
  address: string;
  bytes: number;
  messages: number;
  /** Unix seconds. */
  measuredAt: number;
  /** Bytes a day; undefined until it was measured twice, some time apart. */
  perDay: number | undefined;
}

/** How much mail the measured mailboxes keep. */
export interface MailKept {
  measured: number;
  accounts: number;
  bytes: number;
  biggest: KeptMail[];
  fastest: KeptMail[];
  /** Bytes a day, of all that were measured twice. */
  perDay: number | undefined;
}

const SHOWN = 10;

export async function mailKept(db: Database): Promise<MailKept> {
  const grown = Prisma.sql`(CAST("bytes" - "earlierBytes" AS REAL) * ${DAY_S} / ("measuredAt" - "earlierAt"))`;
  const twice = Prisma.sql`"earlierAt" IS NOT NULL AND "measuredAt" > "earlierAt"`;
  const [sum, accounts, biggest, fastest, growth] = await Promise.all([
    db.mailboxSize.aggregate({ _sum: { bytes: true }, _count: true }),
    db.domain.aggregate({ _sum: { accounts: true } }),
    db.mailboxSize.findMany({ orderBy: { bytes: "desc" }, take: SHOWN }),
    db.$queryRaw<Row[]>`SELECT * FROM "MailboxSize" WHERE ${twice} AND "bytes" > "earlierBytes"
      ORDER BY ${grown} DESC LIMIT ${SHOWN}`,
    db.$queryRaw<{ perDay: number | null }[]>`
      SELECT sum(${grown}) AS "perDay" FROM "MailboxSize" WHERE ${twice}`,
  ]);
  return {
    measured: sum._count,
    accounts: accounts._sum.accounts ?? 0,
    bytes: Number(sum._sum.bytes ?? 0),
    biggest: biggest.map(keptOf),
    fastest: fastest.map(keptOf),
    perDay: growth[0]?.perDay ?? undefined,
  };
}

interface Row {
  address: string;
  bytes: number | bigint;
  messages: number | bigint;
  measuredAt: number | bigint;
  earlierBytes: number | bigint | null;
  earlierAt: number | bigint | null;
}

function keptOf({ address, bytes, messages, measuredAt, earlierBytes, earlierAt }: Row): KeptMail {
  const seconds = earlierAt === null ? 0 : Number(measuredAt) - Number(earlierAt);
  return {
    address,
    bytes: Number(bytes),
    messages: Number(messages),
    measuredAt: Number(measuredAt),
    perDay: seconds > 0 ? ((Number(bytes) - Number(earlierBytes ?? 0)) / seconds) * DAY_S : undefined,
  };
}
