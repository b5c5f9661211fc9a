import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Tries a minute for one address: a person never gets there, a guesser does. */
const forAddress = new RateLimiterMemory({ points: 10, duration: 60 });

/** Counts a try before it is made, so that many at once don't slip through. Returns the seconds to wait, 0 for none. */
export async function takeSignInTry(email: string): Promise<number> {
  try {
    await forAddress.consume(email);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}

/** The right password clears the address's count. */
export async function forgetSignInTries(email: string): Promise<void> {
  await forAddress.delete(email);
}
