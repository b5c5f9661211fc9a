import { setTimeout as sleep } from "node:timers/promises";

/** A lock on the map that lasts a second refuses every login; a chunk is to stay far below. */
const TARGET_MS = 100;
const SMALLEST = 100;
const LARGEST = 5000;
/** Between two chunks others get their turn at the lock. */
const PAUSE_MS = 5;

/** Finds how many accounts a chunk may have on this machine, from how long the last ones took. */
export class Pace {
  size = 1000;

  async timed<T>(chunk: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await chunk();
    const took = performance.now() - begun;
    this.size = Math.round(
      Math.min(LARGEST, Math.max(SMALLEST, this.size * Math.min(2, Math.max(0.5, TARGET_MS / took)))),
    );
    await sleep(PAUSE_MS);
    return result;
  }
}
