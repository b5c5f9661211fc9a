import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/**
 * For all who ask together, by the second: who asks can't be told apart behind a proxy without believing what they say of
 * themselves. An answer costs some milliseconds; this keeps the panel usable and is far above what a large site sees.
 */
const answers = new RateLimiterMemory({ points: 100, duration: 1 });
/** Each starts a program. */
const profiles = new RateLimiterMemory({ points: 10, duration: 1 });

/** Counts one. Returns the seconds to wait, 0 for none. */
export async function takeTurn(what: "answer" | "profile"): Promise<number> {
  try {
    await (what === "answer" ? answers : profiles).consume("everybody");
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}
