import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { createOTP } from "@better-auth/utils/otp";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { renderSVG } from "uqr";
import type { EnrolmentView } from "@/lib/core/operators/views";
import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Actor } from "../mailserver/revisions";
import { makeAuth } from "./auth";

const RECOVERY_CODES = 10;
/** Without those that are mistaken for one another. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
/** A code is good for its half minute and those beside it. */
const CODE_USED_MS = 3 * 60_000;

/** By what somebody can prove who he is, besides the password. */
export async function waysToProve(
  db: Database,
  userId: string,
): Promise<{ hasCodes: boolean; passkeys: number }> {
  const codes = await db.twoFactor.count({ where: { userId, verified: true } });
  return { hasCodes: codes > 0, passkeys: await db.passkey.count({ where: { userId } }) };
}

/** Makes the secret for somebody's app. It is not in use before a first code proved that the app has it. */
export async function beginCodes(db: Database, userId: string): Promise<void> {
  const secret = await encrypt(randomBytes(24).toString("base64url"));
  const backupCodes = await encrypt("[]");
  await db.$transaction(async (write) => {
    if (await write.twoFactor.findFirst({ where: { userId, verified: true } })) return;
    await write.twoFactor.deleteMany({ where: { userId } });
    await write.twoFactor.create({
      data: { id: randomUUID(), userId, secret, backupCodes, verified: false },
    });
  });
}

/** What somebody's app has to be given; undefined where none is being set up. */
export async function pendingCodes(
  db: Database,
  user: { id: string; email: string },
): Promise<EnrolmentView | undefined> {
  const row = await db.twoFactor.findFirst({ where: { userId: user.id, verified: false } });
  if (!row) return undefined;
  const uri = createOTP(await decrypt(row.secret)).url("Portcullis", user.email);
  const shown = new URL(uri).searchParams.get("secret") ?? "";
  return {
    secret: shown.match(/.{1,4}/g)?.join(" ") ?? shown,
    uri,
    picture: `data:image/svg+xml;base64,${Buffer.from(renderSVG(uri, { border: 2 })).toString("base64")}`,
  };
}

/** Takes the app into use; the recovery codes are known only now. Undefined for a wrong code. */
export async function finishCodes(
  db: Database,
  actor: Actor,
  userId: string,
  code: string,
): Promise<string[] | undefined> {
  const row = await db.twoFactor.findFirst({ where: { userId, verified: false } });
  if (!row || !(await isCode(db, userId, row.secret, code))) return undefined;
  const codes = newRecoveryCodes();
  const backupCodes = await encrypt(JSON.stringify(codes));
  await db.$transaction(async (write) => {
    await write.twoFactor.update({ where: { id: row.id }, data: { verified: true, backupCodes } });
    await write.user.update({
      where: { id: userId },
      data: { twoFactorEnabled: true, updatedAt: new Date() },
    });
    await audit(write, {
      actor,
      action: "self.enable-second-factor",
      outcome: "done",
      sentences: ["Codes of an app are asked for from now on"],
    });
  });
  return codes;
}

/** New recovery codes in place of the old ones; undefined where there is no app. */
export async function renewRecoveryCodes(
  db: Database,
  actor: Actor,
  userId: string,
): Promise<string[] | undefined> {
  const codes = newRecoveryCodes();
  const backupCodes = await encrypt(JSON.stringify(codes));
  return await db.$transaction(async (write) => {
    const { count } = await write.twoFactor.updateMany({
      where: { userId, verified: true },
      data: { backupCodes },
    });
    if (count === 0) return undefined;
    await audit(write, {
      actor,
      action: "self.renew-recovery-codes",
      outcome: "done",
      sentences: ["New recovery codes; the earlier ones are worthless"],
    });
    return codes;
  });
}

export async function recoveryCodesLeft(db: Database, userId: string): Promise<number> {
  const row = await db.twoFactor.findFirst({ where: { userId, verified: true } });
  return row ? (JSON.parse(await decrypt(row.backupCodes)) as string[]).length : 0;
}

export async function removeCodes(db: Database, actor: Actor, userId: string): Promise<void> {
  await db.$transaction(async (write) => {
    await write.twoFactor.deleteMany({ where: { userId } });
    await write.user.update({
      where: { id: userId },
      data: { twoFactorEnabled: false, updatedAt: new Date() },
    });
    await audit(write, {
      actor,
      action: "self.disable-second-factor",
      outcome: "done",
      sentences: ["Codes of an app are not asked for any more"],
    });
  });
}

/** What somebody typed where a code is asked for: of the app, or a recovery code, which is then used up. */
export async function checkSecondFactor(
  db: Database,
  userId: string,
  typed: string,
): Promise<"code" | "recovery-code" | undefined> {
  const row = await db.twoFactor.findFirst({ where: { userId, verified: true } });
  if (!row) return undefined;
  if (await isCode(db, userId, row.secret, typed)) return "code";
  const codes = JSON.parse(await decrypt(row.backupCodes)) as string[];
  const wanted = asRecoveryCode(typed);
  if (!codes.includes(wanted)) return undefined;
  const left = await encrypt(JSON.stringify(codes.filter((code) => code !== wanted)));
  // Of two at once one gets it.
  const { count } = await db.twoFactor.updateMany({
    where: { id: row.id, backupCodes: row.backupCodes },
    data: { backupCodes: left },
  });
  return count === 1 ? "recovery-code" : undefined;
}

/** A code of the app, once: one that was overheard is no use. */
async function isCode(db: Database, userId: string, secret: string, typed: string): Promise<boolean> {
  const code = typed.replace(/\s/g, "");
  if (!/^\d{6}$/.test(code) || !(await createOTP(await decrypt(secret)).verify(code))) return false;
  const now = new Date();
  const expiresAt = new Date(now.getTime() + CODE_USED_MS);
  const used = { id: `code ${userId} ${code}`, identifier: `code ${userId}`, value: "used" };
  return await db.$transaction(async (write) => {
    await write.verification.deleteMany({ where: { identifier: used.identifier, expiresAt: { lte: now } } });
    if (await write.verification.findUnique({ where: { id: used.id } })) return false;
    await write.verification.create({ data: { ...used, expiresAt, createdAt: now, updatedAt: now } });
    return true;
  });
}

function newRecoveryCodes(): string[] {
  const part = () => Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return Array.from({ length: RECOVERY_CODES }, () => `${part()}-${part()}`);
}

/** With capitals, blanks or without the dash it is the same code. */
function asRecoveryCode(typed: string): string {
  const letters = typed.toLowerCase().replace(/[^a-z0-9]/g, "");
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

async function encrypt(data: string): Promise<string> {
  return await symmetricEncrypt({ key: (await makeAuth([]).$context).secretConfig, data });
}

async function decrypt(data: string): Promise<string> {
  return await symmetricDecrypt({ key: (await makeAuth([]).$context).secretConfig, data });
}
