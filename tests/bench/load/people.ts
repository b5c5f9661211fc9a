import { createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Role } from "@/lib/core/operators/roles";
import { makeToken } from "@/lib/server/api/tokens";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import type { RunningPanel } from "../../support/panel";

const HOUR_MS = 3_600_000;

export interface People {
  /** What each reviewer's browser sends along. */
  cookies: string[];
  /** One of each operator's. */
  tokens: string[];
}

/** So many operators with a session or a token each, as sign-ins of the last hour would have left them. */
export async function addPeople(
  panel: RunningPanel,
  counts: { reviewers: number; operators: number },
): Promise<People> {
  const home = homeAt(panel.home);
  const secret = (await readFile(home.secret, "utf8")).trim();
  const db = openDatabase(home.database);
  const now = new Date();
  const add = async (role: Role, index: number) => {
    const id = randomUUID();
    const email = `${role}-${index}@panel.example`;
    await db.user.create({
      data: { id, name: email, email, emailVerified: false, role, createdAt: now, updatedAt: now },
    });
    return { id, email, role, scope: null };
  };
  const cookies: string[] = [];
  for (let index = 0; index < counts.reviewers; index++) {
    const { id: userId } = await add("reviewer", index);
    const token = randomUUID();
    const expiresAt = new Date(now.getTime() + HOUR_MS);
    await db.session.create({
      data: { id: randomUUID(), token, userId, expiresAt, createdAt: now, updatedAt: now },
    });
    const signature = createHmac("sha256", secret).update(token).digest("base64");
    cookies.push(`portcullis.session_token=${encodeURIComponent(`${token}.${signature}`)}`);
  }
  const tokens: string[] = [];
  for (let index = 0; index < counts.operators; index++) {
    const owner = await add("operator", index);
    const wish = { name: "bench", role: "operator", scope: null, writes: true, days: 1 } as const;
    const made = await makeToken(db, owner, wish, { name: owner.email, origin: "cli" });
    if (!made.ok) throw new Error(made.sentence);
    tokens.push(made.secret);
  }
  await db.$disconnect();
  return { cookies, tokens };
}
