import { cookies, headers } from "next/headers";
import { audit } from "../audit";
import { database } from "../database/client";
import { currentHome } from "../home";
import { KNOWN_DAYS, knownDevice, readKnownDevice } from "../operators/known-device";
import { cookieName } from "../served-by-tls";
import { clientAddress } from "./client-address";
import { clientPlace } from "./client-place";
import { cookieFor } from "./cookie";
import { forgetTries, type Trier, takeTry } from "./sign-in-limit";

const DEVICE_COOKIE = "portcullis.device";
const DAY_S = 24 * 60 * 60;

/** How somebody proved who he is. */
export type Proof = "password" | "code" | "recovery-code" | "passkey";

/** Who tries to sign in as `email`; `form` tells the tries of different forms apart. */
export async function trierOf(email: string, form: string): Promise<Trier> {
  const kept = (await cookies()).get(cookieName(DEVICE_COOKIE))?.value;
  const device = await readKnownDevice(currentHome(), email, kept);
  return {
    what: `${form} ${email}`,
    place: await clientPlace(),
    device: device === undefined ? undefined : `${form} ${email} ${device}`,
  };
}

/** A sentence while somebody must wait; undefined when his try may be looked at. */
export async function refuseForNow(email: string, trier: Trier): Promise<string | undefined> {
  const { wait, isFirst } = await takeTry(trier);
  if (wait === 0) return undefined;
  if (isFirst) await auditTry(email, "slowed", [`Too many tries from ${trier.place}`]);
  return `Too many tries. Wait ${wait} seconds, then try again.`;
}

export async function auditTry(
  email: string,
  outcome: string,
  sentences: readonly string[] = [],
): Promise<void> {
  await audit(database(), {
    actor: { name: email, origin: "page", from: clientAddress(await headers()) },
    action: "session.sign-in",
    outcome,
    sentences,
  });
}

/** After the session was opened: marks how, and lets this browser be known from now on. */
export async function signedIn(
  token: string,
  { userId, email, proof }: { userId: string; email: string; proof: Proof },
  trier?: Trier,
): Promise<void> {
  const db = database();
  const now = new Date();
  if (proof !== "password") await db.session.updateMany({ where: { token }, data: { secondFactorAt: now } });
  await db.user.update({ where: { id: userId }, data: { lastSignInAt: now } });
  if (trier) await forgetTries(trier);
  await auditTry(email, "done", proof === "password" ? [] : [`With a ${proof.replace("-", " ")}`]);
  (await cookies()).set(
    cookieName(DEVICE_COOKIE),
    await knownDevice(currentHome(), email),
    cookieFor(KNOWN_DAYS * DAY_S),
  );
}
