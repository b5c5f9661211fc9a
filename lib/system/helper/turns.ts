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
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
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
