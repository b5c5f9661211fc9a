import type { Socket } from "node:net";
import { MachineFailure } from "@/lib/core/apply/ports";

const NEWLINE = 10;

/**
 * The lines that come in by a socket, none longer than a bound and none waited for longer than to a moment. What comes beyond
 * the line that is asked for is not read, so that nobody fills the memory.
 */
export class Lines {
  private parts: Buffer[] = [];
  private length = 0;
  private ended = false;
  private wake: () => void = () => {};

  constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      socket.pause();
      this.parts.push(chunk);
      this.length += chunk.length;
      this.wake();
    });
    for (const event of ["end", "close", "error"] as const)
      socket.on(event, () => {
        this.ended = true;
        this.wake();
      });
    socket.pause();
  }

  /**
   * Undefined where the other side has ended. `longest` in bytes, `deadline` in milliseconds of `performance.now()`.
   * @throws MachineFailure for a line that is too long or too late.
   */
  async next(longest: number, deadline: number): Promise<string | undefined> {
    for (;;) {
      if (this.parts.at(-1)?.includes(NEWLINE)) {
        const all = Buffer.concat(this.parts);
        const end = all.indexOf(NEWLINE);
        if (end <= longest) {
          this.keep(all.subarray(end + 1));
          return all.toString("utf8", 0, end);
        }
      }
      if (this.length > longest) throw new MachineFailure(`A line may have ${longest} bytes.`);
      if (this.ended) return undefined;
      const left = deadline - performance.now();
      if (left <= 0) throw new MachineFailure("The rest did not come in time.");
      await this.more(left);
    }
  }

  /** What else comes is of no interest. */
  close(): void {
    this.keep(Buffer.alloc(0));
    this.socket.removeAllListeners("data");
    this.socket.resume();
  }

  private keep(rest: Buffer): void {
    this.parts = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
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
