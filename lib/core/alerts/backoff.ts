const FIRST_MS = 15_000;
const LONGEST_MS = 15 * 60_000;

/** How long to wait after so many failures in a row: 15 s, doubled each time, at most a quarter of an hour. */
export function waitAfter(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}

/** What a channel needs to be judged. */
export interface ChannelState {
  claimedUntil: Date | null;
  nextTryAt: Date | null;
  triedVersion: number;
}

/** Whether a message may be sent now. Settings that were saved since are tried at once, and a clock that was put back waits no longer. */
export function mayTry(state: ChannelState, version: number, now: Date): boolean {
  const ahead = (at: Date | null, mostMs: number) => {
    const left = at === null ? 0 : at.getTime() - now.getTime();
    return left > 0 && left <= mostMs;
  };
  if (ahead(state.claimedUntil, CLAIM_MS)) return false;
  return state.triedVersion !== version || !ahead(state.nextTryAt, LONGEST_MS);
}

/** So long a message belongs to the process that sends it: longer than sending may take. */
export const CLAIM_MS = 60_000;
