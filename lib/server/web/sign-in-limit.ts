import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Tries a minute: a person never gets there, a guesser does. */
const TRIES = { points: 10, duration: 60 };

/** From one place for one address. Whoever guesses elsewhere doesn't use up what is left here. */
const fromPlace = new RateLimiterMemory(TRIES);
/** From one place for any address: somebody who tries one password with each. */
const fromPlaceForAny = new RateLimiterMemory({ points: 60, duration: 60 });
/** On a device that its owner signed in with before: nobody else can use these up, from wherever he guesses. */
const onKnownDevice = new RateLimiterMemory(TRIES);

/** Who tries, as far as that is known before the password is looked at. */
export interface Trier {
  /** What is tried: an address, or the name of a form. */
  what: string;
  /** The client's network address. */
  place: string;
  /** Of a known device; undefined for any other. */
  device?: string | undefined;
}

export interface Turn {
  /** Seconds to wait; 0 for none. */
  wait: number;
  /** The first refusal of a row of them: one is worth a line in the audit, thousands are not. */
  isFirst: boolean;
}

/** Counts a try before it is made, so that many at once don't slip through. */
export async function takeTry({ what, place, device }: Trier): Promise<Turn> {
  if (device !== undefined) return await take(onKnownDevice, device, TRIES.points);
  const one = await take(fromPlace, `${what} ${place}`, TRIES.points);
  return one.wait > 0 ? one : await take(fromPlaceForAny, place, 60);
}

/** The right password clears the count. */
export async function forgetTries({ what, place, device }: Trier): Promise<void> {
  await (device === undefined ? fromPlace.delete(`${what} ${place}`) : onKnownDevice.delete(device));
}

async function take(limiter: RateLimiterMemory, key: string, points: number): Promise<Turn> {
  try {
    await limiter.consume(key);
    return { wait: 0, isFirst: false };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    return { wait, isFirst: refusal.consumedPoints === points + 1 };
  }
}
