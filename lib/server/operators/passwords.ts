import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Write } from "../database/client";
import { makeAuth, PASSWORD_LENGTH } from "./auth";
import { GUESSED_FIRST, isGuessedFirst } from "./guessed-password";

/** A password that an operator chooses. */
export const newPassword = z
  .string()
  .min(PASSWORD_LENGTH.min, `Use at least ${PASSWORD_LENGTH.min} characters.`)
  .max(PASSWORD_LENGTH.max, `Use at most ${PASSWORD_LENGTH.max} characters.`)
  // Of one that is too short or too long that is enough to know.
  .refine(
    (text) => text.length < PASSWORD_LENGTH.min || text.length > PASSWORD_LENGTH.max || !isGuessedFirst(text),
    GUESSED_FIRST,
  );

/** Slow, as it must be: done before a transaction begins, not in it. */
export async function hashPassword(password: string): Promise<string> {
  return await (await makeAuth([]).$context).password.hash(password);
}

export async function isPasswordOf(db: Database, userId: string, password: string): Promise<boolean> {
  const row = await db.credential.findFirst({ where: { userId, providerId: "credential" } });
  if (!row?.password || password.length > PASSWORD_LENGTH.max) return false;
  return await (await makeAuth([]).$context).password.verify({ hash: row.password, password });
}

export async function writePassword(write: Database | Write, userId: string, hash: string): Promise<void> {
  const now = new Date();
  const { count } = await write.credential.updateMany({
    where: { userId, providerId: "credential" },
    data: { password: hash, updatedAt: now },
  });
  if (count > 0) return;
  await write.credential.create({
    data: {
      id: randomUUID(),
      accountId: userId,
      providerId: "credential",
      userId,
      password: hash,
      createdAt: now,
      updatedAt: now,
    },
  });
}
