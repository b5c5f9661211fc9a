import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Home } from "@/lib/server/home";
import { type Child, endChild, killChild, type Watch } from "./children";
import { forgetRunning, recordRunning } from "./running";

/** Dovecot needs up to a second to end its own processes, the panel less. */
const PATIENCE_MS = 8000;
const PARENT_POLL_MS = 1000;
/** A job that is under way goes on at the next start; it is not waited for longer than this. */
const FINISH_MS = 2000;
/** A child that ends more often than this within the time has a reason that starting it again doesn't mend. */
const REVIVALS = 3;
const REVIVALS_WITHIN_MS = 10 * 60_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const BY_HAND = "End this with Ctrl-C and run npm start again to bring it back.\n";

/**
 * Knows every child from the moment it exists, so that Ctrl-C at any time, and a failure at any step, ends them
 * all: in reverse order, by their pids.
 */
export class Supervisor {
  private readonly children: Child[] = [];
  private ending: Promise<void> | undefined;
  private leaving = false;
  private finish: () => Promise<void> = async () => {};
  private revival: { name: string; start: () => Promise<void> } | undefined;
  private revivedAt: number[] = [];

  constructor(
    private readonly home: Home,
    private readonly url: string,
  ) {
    for (const signal of SIGNALS) process.on(signal, () => void this.leave(0));
    // npm doesn't always pass a signal on; when it is gone, nobody could end us any more.
    if (process.env.npm_lifecycle_event) {
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) void this.leave(0);
      }, PARENT_POLL_MS).unref();
    }
  }

  /** Takes charge of a child, from the moment it exists; one that comes while everything ends is ended as well. */
  readonly watch: Watch = (child) => {
    if (this.ending) return killChild(child);
    this.children.unshift(child);
    child.exited.then(
      (code) => this.ended(child, code),
      () => this.ended(child, null),
    );
    recordRunning(this.home, this.url, this.children);
  };

  /** From now on a child of this name that ends by itself is started again, and nothing else is ended for it. */
  bringBack(name: string, start: () => Promise<void>): void {
    this.revival = { name, start };
  }

  /** What must come to rest before the children are ended. */
  beforeEnd(finish: () => Promise<void>): void {
    this.finish = finish;
  }

  /** Ends everything, once; a second call waits for the first. */
  async endAll(): Promise<void> {
    this.ending ??= (async () => {
      await Promise.race([this.finish(), sleep(FINISH_MS)]);
      for (let child = this.children.shift(); child; child = this.children.shift())
        await endChild(child, PATIENCE_MS);
      await forgetRunning(this.home);
    })();
    await this.ending;
  }

  /** For a step that failed: ends everything, and stays quiet where it failed because somebody pressed Ctrl-C. */
  async giveUp(): Promise<void> {
    await this.endAll();
    await this.unlessLeaving();
  }

  /** Never returns once somebody pressed Ctrl-C: what would come next is not true any more when it is said. */
  async unlessLeaving(): Promise<void> {
    if (this.leaving) await new Promise(() => {});
  }

  private async leave(code: number): Promise<void> {
    this.leaving = true;
    await this.endAll();
    process.stdout.write("\nPortcullis has ended; everything it started is down.\n");
    process.exit(code);
  }

  /** The mail server's end is told and survived: the panel shows it. A panel that can't even start is the end of all. */
  private async ended(child: Child, code: number | null): Promise<void> {
    if (this.ending) return;
    process.stderr.write(`The ${child.name} ended by itself (${code ?? "killed"}).\n`);
    if (this.revival?.name === child.name) return await this.revive(child, this.revival.start);
    if (child.name === "panel") await this.leave(1);
    else process.stderr.write(BY_HAND);
  }

  /** Mail goes on meanwhile, and also where it can't be brought back. */
  private async revive(child: Child, start: () => Promise<void>): Promise<void> {
    this.children.splice(this.children.indexOf(child), 1);
    recordRunning(this.home, this.url, this.children);
    const now = performance.now();
    this.revivedAt = [...this.revivedAt.filter((at) => now - at < REVIVALS_WITHIN_MS), now];
    if (this.revivedAt.length > REVIVALS) {
      process.stderr.write(
        `It ended ${this.revivedAt.length} times within ten minutes; mail goes on. ${BY_HAND}`,
      );
      return;
    }
    try {
      await start();
      process.stderr.write(`The ${child.name} was started again.\n`);
    } catch (error) {
      if (this.ending) return;
      process.stderr.write(
        `${error instanceof Error ? error.message : String(error)} Mail goes on. ${BY_HAND}`,
      );
    }
  }
}
