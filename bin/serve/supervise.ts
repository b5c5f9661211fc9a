import type { Home } from "@/lib/server/home";
import { type Child, endChild } from "./children";
import { forgetRunning } from "./running";

/** Dovecot needs up to a second to end its own processes, the panel less. */
const PATIENCE_MS = 8000;
const PARENT_POLL_MS = 1000;

/**
 * Waits for Ctrl-C (or a request to end), then ends the children in order, by their pids. The mail server's end
 * is reported and survived: the panel shows it. The panel's end is ours.
 */
export async function superviseUntilTheEnd(
  home: Home,
  children: readonly Child[],
  { endNow = false } = {},
): Promise<void> {
  const exitCode = endNow ? 0 : await waitForEnd(children);
  for (const child of children) await endChild(child, PATIENCE_MS);
  await forgetRunning(home);
  if (endNow) return;
  process.stdout.write("Portcullis has ended; everything it started is down.\n");
  process.exit(exitCode);
}

function waitForEnd(children: readonly Child[]): Promise<number> {
  return new Promise((settle) => {
    let ending = false;
    const resolve = (code: number) => {
      ending = true;
      settle(code);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(0));
    // npm doesn't always pass a signal on; when it is gone, nobody could end us any more.
    if (process.env.npm_lifecycle_event) {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && resolve(0), PARENT_POLL_MS).unref();
    }
    for (const child of children) {
      void child.exited.then((code) => {
        if (ending) return;
        process.stderr.write(`The ${child.name} ended by itself (${code ?? "killed"}).\n`);
        if (child.name === "panel") resolve(1);
      });
    }
  });
}
