import type { Socket } from "node:net";
import { MachineFailure } from "@/lib/core/apply/ports";

const NEWLINE = 10;

/**
 * The lines that come in by a socket, each waited for only so long, and none longer than a bound: what comes beyond what is
 * asked for is not read, so that nobody fills the memory.
 */
export class Lines {
  private rest = Buffer.alloc(0);
  private ended = false;
  private wake: () => void = () => {};

  constructor(
    private readonly socket: Socket,
    private readonly longest: number,
    private readonly patienceMs: number,
  ) {
    socket.on("data", (chunk: Buffer) => {
      this.rest = Buffer.concat([this.rest, chunk]);
      socket.pause();
      this.wake();
    });
    for (const event of ["end", "close", "error"] as const)
      socket.on(event, () => {
        this.ended = true;
        this.wake();
      });
    socket.pause();
  }

  /** Undefined where the other side has ended. @throws MachineFailure for one that is too long or too late. */
  async next(): Promise<string | undefined> {
    const deadline = performance.now() + this.patienceMs;
    for (;;) {
      const end = this.rest.indexOf(NEWLINE);
      if (end > this.longest || (end < 0 && this.rest.length > this.longest))
        throw new MachineFailure(`A line may have ${this.longest} bytes.`);
      if (end >= 0) {
        const line = this.rest.subarray(0, end).toString("utf8");
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      if (this.ended) return undefined;
      const left = deadline - performance.now();
      if (left <= 0) throw new MachineFailure(`Nothing more came within ${this.patienceMs / 1000} seconds.`);
      await this.more(left);
    }
  }

  /** What else comes is not of interest. */
  close(): void {
    this.rest = Buffer.alloc(0);
    this.socket.removeAllListeners("data");
    this.socket.resume();
  }

  private async more(ms: number): Promise<void> {
    const timer = setTimeout(() => this.wake(), ms);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.socket.resume();
    });
    clearTimeout(timer);
  }
}
