import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { nodeAt } from "@/lib/server/node";
import { commandFor, type DovecotInstance, generatedDir, outside } from "@/lib/system/dovecot/instance";
import { openBrowser, signIn, visit } from "../support/browser";
import { DOVECOTS } from "../support/dovecot-versions";
import { type RunningPanel, startPanel } from "../support/panel";
import { type BenchReport, type BenchRow, figuresOf } from "./measure";

const ROUNDS = 12;
/** A reload ends who is signed in six seconds later; the next one waits until that is over. */
const QUIET_MS = 300;
const run = promisify(execFile);

/**
 * From the click on "Apply now" to the moment at which the daemon is seen to obey, beside the same done by hand:
 * the very file put in place by a shell, one reload, and the same look. The setting is "IMAP on TLS Ports Only".
 */
export default async function bench(): Promise<BenchReport> {
  const rows: BenchRow[] = [];
  for (const { family, missing } of DOVECOTS) {
    if (missing) continue;
    const panel = await startPanel({ family });
    const browser = await openBrowser();
    const db = openDatabase(homeAt(panel.home).database);
    try {
      const { instance } = await nodeAt(homeAt(panel.home), db);
      const { page } = await visit(browser);
      await signIn(page, panel.url);
      await page.goto(`${panel.url}/mailserver`);
      const ours = await byClick(panel, page, instance);
      const floor = await byHand(panel, instance, ours.files, false);
      const checked = await byHand(panel, instance, ours.files, true);
      for (const [index, what] of ["the port refuses", "the port answers again"].entries()) {
        const row = {
          what: `${family}: ${what}`,
          unit: "ms" as const,
          ours: figuresOf(ours.taken[index] ?? []),
        };
        rows.push(
          { ...row, floor: { what: "file and reload by a shell", figures: figuresOf(floor[index] ?? []) } },
          {
            ...row,
            what: `${row.what}, beside a shell that checks first`,
            floor: { what: "doveconf, file and reload by a shell", figures: figuresOf(checked[index] ?? []) },
          },
        );
      }
    } finally {
      await db.$disconnect();
      await browser.close();
      await panel.remove();
    }
  }
  return {
    title: "From the click to enforcement",
    rows,
    notes: [
      "Ours holds all of a save: the browser's request, checks of a staged copy with doveconf and of certificate, ports and programs, the revision and its audit, the swap, one reload.",
      "The floor holds none of it: it would put a broken file in place just as fast.",
    ],
  };
}

async function byClick({ ports }: RunningPanel, page: Page, instance: DovecotInstance) {
  const live = join(outside(instance, generatedDir(instance)), "settings.conf");
  const taken: [number[], number[]] = [[], []];
  const files: string[] = ["", ""];
  const address = page.url();
  for (let round = -2; round < ROUNDS * 2; round++) {
    const closes = round % 2 === 0;
    await page
      .locator("#row-imap_tls_only")
      .getByLabel(closes ? "On" : "Off", { exact: true })
      .check();
    await page.getByRole("button", { name: "Save and review" }).click();
    await page.getByLabel(/^Go back by itself/).uncheck();
    const begun = performance.now();
    const clicked = page.getByRole("button", { name: "Apply now" }).click();
    const ms = (await untilSeen(ports.imap, closes ? "refuses" : "answers")) - begun;
    await clicked;
    await page
      .getByText(
        closes
          ? /^Saved as revision \d+: Turn on IMAP on TLS Ports Only/
          : /^Saved as revision \d+: Turn off IMAP on TLS Ports Only/,
      )
      .waitFor();
    files[closes ? 0 : 1] = await readFile(live, "utf8");
    if (round >= 0) taken[closes ? 0 : 1].push(ms);
    await page.goto(address);
    await page.getByRole("button", { name: "Save and review" }).waitFor();
    await sleep(QUIET_MS);
  }
  return { taken, files };
}

async function byHand(
  { ports }: RunningPanel,
  instance: DovecotInstance,
  files: readonly string[],
  checks: boolean,
): Promise<number[][]> {
  const live = join(outside(instance, generatedDir(instance)), "settings.conf");
  const quoted = (program: string, args: readonly string[]) => {
    const command = commandFor({ ...instance, user: undefined }, program, args);
    return [command.program, ...command.args].map((word) => `'${word}'`).join(" ");
  };
  const check = checks ? `${quoted("doveconf", ["-n", "-c", instance.configFile])} > /dev/null && ` : "";
  const script = `cp "$1" '${live}.new' && ${check}mv '${live}.new' '${live}' && ${quoted("doveadm", ["-c", instance.configFile, "reload"])}`;
  const taken: [number[], number[]] = [[], []];
  for (let round = -2; round < ROUNDS * 2; round++) {
    const closes = round % 2 === 0;
    const source = `${live}.from`;
    await writeFile(source, files[closes ? 0 : 1] ?? "");
    const begun = performance.now();
    const done = run("sh", ["-c", script, "sh", source]);
    const ms = (await untilSeen(ports.imap, closes ? "refuses" : "answers")) - begun;
    await done;
    if (round >= 0) taken[closes ? 0 : 1].push(ms);
    await sleep(QUIET_MS);
  }
  return taken;
}

/** Looks again and again; the moment at which it was so. */
async function untilSeen(port: number, wanted: "refuses" | "answers"): Promise<number> {
  for (;;) {
    if ((await look(port)) === wanted) return performance.now();
    await sleep(1);
  }
}

function look(port: number): Promise<"refuses" | "answers" | "neither"> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const settle = (seen: "refuses" | "answers" | "neither") => {
      socket.destroy();
      resolve(seen);
    };
    socket.setTimeout(2000, () => settle("neither"));
    socket.once("data", () => settle("answers"));
    socket.once("error", () => settle("refuses"));
    socket.once("close", () => settle("neither"));
  });
}
