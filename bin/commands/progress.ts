/** How often a line is written where nobody sees it change: a log, a mail from cron. */
const LINE_EVERY_MS = 5000;
const REDRAW_EVERY_MS = 100;

/** How far long work has come, on standard error: one line that changes on a terminal, else a line now and then. */
export class Progress {
  private last = -Infinity;
  private shown = "";

  report(text: string): void {
    const isTerminal = process.stderr.isTTY;
    if (performance.now() - this.last < (isTerminal ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return;
    if (text === this.shown) return;
    this.last = performance.now();
    this.shown = text;
    process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** Makes room for what is said next. */
  end(): void {
    if (process.stderr.isTTY && this.shown !== "") process.stderr.write("\r\u001b[K");
  }
}

export function many(count: number, one: string, more: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}
