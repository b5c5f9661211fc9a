import { MachineFailure } from "@/lib/core/apply/ports";

/** Who waits longer in the queue than this many is sent away: so many are nobody's honest wish. */
const MOST_WAITING = 200;

/** Lets so many at a time, in the order in which they came. */
export class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly atOnce: number) {}

  async take<T>(action: () => Promise<T>): Promise<T> {
    if (this.waiting.length >= MOST_WAITING)
      throw new MachineFailure("The helper is asked too much at once. Try again in a moment.");
    return await this.after((turn) => this.waiting.push(turn), action);
  }

  /** Before all who wait, however many they are. */
  async takeNext<T>(action: () => Promise<T>): Promise<T> {
    return await this.after((turn) => this.waiting.unshift(turn), action);
  }

  private async after<T>(wait: (turn: () => void) => void, action: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) await new Promise<void>(wait);
    else this.running++;
    try {
      return await action();
    } finally {
      const next = this.waiting.shift();
      // Whoever comes next takes this place.
      if (next) next();
      else this.running--;
    }
  }
}
