import { setTimeout as sleep } from "node:timers/promises";
import type { Home } from "@/lib/server/home";
import { type Child, endChild, killChild, type Watch } from "./children";
import { forgetRunning, recordRunning } from "./running";

/** Dovecot needs up to a second to end its own processes, the panel less. */
const PATIENCE_MS = 8000;
const PARENT_POLL_MS = 1000;
/** A job that is under way goes on at the next start; it is not waited for longer than this. */
const FINISH_MS = 2000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Knows every child from the moment it exists, so that Ctrl-C at any time, and a failure at any step, ends them
 * all: in reverse order, by their pids.
 */
export class Supervisor {
  private readonly children: Child[] = [];
  private ending: Promise<void> | undefined;
  private leaving = false;
  private finish: () => Promise<void> = async () => {};

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

  /** The mail server's end is told and survived: the panel shows it. Without the panel there is nothing to go on for. */
  private async ended(child: Child, code: number | null): Promise<void> {
    if (this.ending) return;
    process.stderr.write(`The ${child.name} ended by itself (${code ?? "killed"}).\n`);
    if (child.name === "panel") await this.leave(1);
    else process.stderr.write("End this with Ctrl-C and run npm start again to bring it back.\n");
  }
}
