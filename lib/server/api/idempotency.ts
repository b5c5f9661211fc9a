import type { Database } from "../database/client";

const KEPT_MS = 24 * 3_600_000;
/** Far longer than anything is worked at while somebody waits. */
const CUT_OFF_MS = 15 * 60_000;

export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type KeyClaim =
  | { kind: "new" }
  | { kind: "answered"; answer: KeptAnswer }
  /** The same request, and nobody has answered it yet: it is worked at, or was cut off. */
  | { kind: "under-way"; cutOff: boolean }
  | { kind: "other-request" };

/** Takes a key for a request, so that of two at once only one is done. */
export async function claimKey(
  db: Database,
  { tokenId, key, requestHash }: { tokenId: string; key: string; requestHash: string },
): Promise<KeyClaim> {
  const now = Date.now();
  return await db.$transaction(async (write) => {
    await write.apiAnswer.deleteMany({ where: { at: { lt: new Date(now - KEPT_MS) } } });
    const row = await write.apiAnswer.findUnique({ where: { tokenId_key: { tokenId, key } } });
    if (!row) {
      await write.apiAnswer.create({ data: { tokenId, key, requestHash, at: new Date(now) } });
      return { kind: "new" };
    }
    if (row.requestHash !== requestHash) return { kind: "other-request" };
    const { status, headers, body } = row;
    if (status === null) return { kind: "under-way", cutOff: now - row.at.getTime() > CUT_OFF_MS };
    const answer = { status, headers: JSON.parse(headers) as Record<string, string>, body };
    return { kind: "answered", answer };
  });
}

/** What the key's request gets again. */
export async function keepAnswer(
  db: Database,
  tokenId: string,
  key: string,
  { status, headers, body }: KeptAnswer,
): Promise<void> {
  await db.apiAnswer.update({
    where: { tokenId_key: { tokenId, key } },
    data: { status, headers: JSON.stringify(headers), body },
  });
}

/** Nothing was done: the request may come again under its key. */
export async function giveKeyBack(db: Database, tokenId: string, key: string): Promise<void> {
  await db.apiAnswer.deleteMany({ where: { tokenId, key, status: null } });
}
