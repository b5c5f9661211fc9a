import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { audit } from "../audit";
import type { Database } from "../database/client";
import type { Home } from "../home";
import { log } from "../log";
import type { Actor } from "../mailserver/revisions";
import { isChallenge, newChallenge, spendChallenge } from "./challenge";

/** The name under which the panel is open: a passkey is good for that one alone. */
export interface PasskeySite {
  /** Without scheme and port. */
  name: string;
  origin: string;
}

const MOST_PASSKEYS = 20;

/** Only who uses passkeys needs it: it would slow the start of everything else. */
const webauthn = () => import("@simplewebauthn/server");

/** What the browser is asked to make, for somebody who is signed in. */
export async function passkeyToMake(
  db: Database,
  home: Home,
  site: PasskeySite,
  user: { id: string; email: string; name: string },
): Promise<PublicKeyCredentialCreationOptionsJSON | undefined> {
  const known = await db.passkey.findMany({ where: { userId: user.id } });
  if (known.length >= MOST_PASSKEYS) return undefined;
  return await (await webauthn()).generateRegistrationOptions({
    rpName: "Portcullis",
    rpID: site.name,
    userName: user.email,
    userDisplayName: user.name,
    userID: Uint8Array.from(Buffer.from(user.id)),
    challenge: await newChallenge(home, `make ${user.id}`),
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: transportsFrom(transports) })),
    // Found by the device itself, and only after a finger, a face or a PIN: both factors in one.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/** Keeps what the browser made; false where it can't be trusted. */
export async function keepPasskey(
  db: Database,
  home: Home,
  site: PasskeySite,
  { actor, userId, name, response }: KeepPasskey,
): Promise<boolean> {
  const expectedChallenge = (challenge: string) => isChallenge(home, `make ${userId}`, challenge);
  const made = await trusted(async () =>
    (await webauthn()).verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.name,
    }),
  );
  if (!made?.verified || !spendChallenge(challengeOf(response.response.clientDataJSON))) return false;
  const { id, publicKey, counter, transports } = made.registrationInfo.credential;
  await db.$transaction(async (write) => {
    await write.passkey.create({
      data: {
        id,
        userId,
        name,
        publicKey: Buffer.from(publicKey).toString("base64url"),
        counter,
        transports: JSON.stringify(transports ?? []),
        createdAt: new Date(),
      },
    });
    await audit(write, {
      actor,
      action: "self.add-passkey",
      outcome: "done",
      sentences: [`Passkey ${name}`],
    });
  });
  return true;
}

interface KeepPasskey {
  actor: Actor;
  userId: string;
  name: string;
  response: RegistrationResponseJSON;
}

/** What the browser is asked to prove; `purpose` is whose and what for, as far as that is known. */
export async function passkeyToUse(
  home: Home,
  site: PasskeySite,
  purpose: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return await (await webauthn()).generateAuthenticationOptions({
    rpID: site.name,
    challenge: await newChallenge(home, purpose),
    userVerification: "required",
  });
}

/** Whose passkey answered; undefined where the answer proves nothing. */
export async function ownerOfPasskey(
  db: Database,
  home: Home,
  site: PasskeySite,
  purpose: string,
  response: AuthenticationResponseJSON,
): Promise<{ userId: string; email: string } | undefined> {
  const known = await db.passkey.findUnique({ where: { id: response.id }, include: { user: true } });
  if (!known) return undefined;
  const used = await trusted(async () =>
    (await webauthn()).verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => isChallenge(home, purpose, challenge),
      expectedOrigin: site.origin,
      expectedRPID: site.name,
      credential: {
        id: known.id,
        publicKey: Uint8Array.from(Buffer.from(known.publicKey, "base64url")),
        counter: known.counter,
        transports: transportsFrom(known.transports),
      },
    }),
  );
  if (!used?.verified || !spendChallenge(challengeOf(response.response.clientDataJSON))) return undefined;
  await db.passkey.update({
    where: { id: known.id },
    data: { counter: used.authenticationInfo.newCounter, lastUsedAt: new Date() },
  });
  return { userId: known.userId, email: known.user.email };
}

export async function removePasskey(
  db: Database,
  actor: Actor,
  userId: string,
  id: string,
): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const known = await write.passkey.findFirst({ where: { id, userId } });
    if (!known) return false;
    await write.passkey.delete({ where: { id } });
    await audit(write, {
      actor,
      action: "self.remove-passkey",
      outcome: "done",
      sentences: [`Passkey ${known.name}`],
    });
    return true;
  });
}

/** The library throws where something is wrong with an answer: to us that is an answer like any other. */
async function trusted<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    log.warn({ err: error }, "A passkey's answer was refused");
    return undefined;
  }
}

function transportsFrom(text: string): string[] {
  return JSON.parse(text) as string[];
}

/** As the browser signed it; only read of what was verified. */
function challengeOf(clientData: string): string {
  return (JSON.parse(Buffer.from(clientData, "base64url").toString()) as { challenge: string }).challenge;
}
