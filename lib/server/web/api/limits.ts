import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Requests a minute of one token: 600,000 accounts can be read with them. */
const POINTS = 600;
const SECONDS = 60;

/** Next loads a module more than once; the count is one. */
const shared = globalThis as {
  portcullisApiLimits?: { tokens: RateLimiterMemory; strangers: RateLimiterMemory };
};

function limits() {
  shared.portcullisApiLimits ??= {
    tokens: new RateLimiterMemory({ points: POINTS, duration: SECONDS }),
    // For all together: behind a proxy they can't be told apart. It never stands in the way of a good token.
    strangers: new RateLimiterMemory({ points: 100, duration: 1 }),
  };
  return shared.portcullisApiLimits;
}

export interface Turn {
  isGiven: boolean;
  headers: Record<string, string>;
}

/** Counts a request of a token. The headers say how many are left, and when there are more (seconds). */
export async function takeTurn(tokenId: string): Promise<Turn> {
  const { isGiven, left, seconds } = await consume(limits().tokens, tokenId);
  return {
    isGiven,
    headers: {
      "ratelimit-limit": String(POINTS),
      "ratelimit-policy": `${POINTS};w=${SECONDS}`,
      "ratelimit-remaining": String(left),
      "ratelimit-reset": String(seconds),
      ...(isGiven ? {} : { "retry-after": String(seconds) }),
    },
  };
}

/** Counts a request without a good token. */
export async function takeStrangersTurn(): Promise<Turn> {
  const { isGiven, seconds } = await consume(limits().strangers, "everybody");
  return { isGiven, headers: isGiven ? {} : { "retry-after": String(seconds) } };
}

async function consume(limiter: RateLimiterMemory, key: string) {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(key);
    return { isGiven: true, left: remainingPoints, seconds: secondsOf(msBeforeNext) };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { isGiven: false, left: 0, seconds: secondsOf(refusal.msBeforeNext) };
  }
}

function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
