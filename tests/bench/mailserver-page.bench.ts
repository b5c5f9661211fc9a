import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { DOVECOTS } from "../support/dovecot-versions";
import { startPanel } from "../support/panel";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";
import { signedIn } from "./signed-in";

const ROUNDS = 100;
const COLD_ROUNDS = 5;
/** A look at the daemon is shared for this long. */
const LOOK_MS = 5200;
/** React and Next alone, compressed: what any page of this kind ships. */
const FRAMEWORK_KB = 135;

/** The Mailserver Configuration page as a signed-in browser gets it: how long the server takes, and what it sends. */
export default async function bench(): Promise<BenchReport> {
  const rows: BenchRow[] = [];
  for (const { family, missing } of DOVECOTS) {
    if (missing) continue;
    const panel = await startPanel({ family });
    try {
      const get = await signedIn(panel);
      const timed = async (what: string, path: string) => {
        const taken = await repeated(ROUNDS, () => get(path), 10);
        rows.push({ what: `${family}: ${what}`, unit: "ms", ours: figuresOf(taken) });
      };
      await timed("the page", "/mailserver");
      await timed("with a profile filled in", "/mailserver?preset=small");
      await timed("with what Dovecot has, one setting", "/mailserver?effective=imap_port");
      await timed("with what Dovecot has, every setting", "/mailserver?effective=all");
      const fresh: number[] = [];
      for (let round = 0; round < COLD_ROUNDS; round++) {
        await sleep(LOOK_MS);
        fresh.push(...(await repeated(1, () => get("/mailserver"))));
      }
      rows.push({
        what: `${family}: the page, with a new look at every port`,
        unit: "ms",
        ours: figuresOf(fresh),
      });
      if (family === "2.3") rows.push(...(await sizes(panel.url, await get("/mailserver"), get)));
    } finally {
      await panel.remove();
    }
  }
  return {
    title: "The Mailserver Configuration page",
    rows,
    notes: [
      "Over HTTP on the loopback, one after the other, signed in; the time to the last byte.",
      `JavaScript beyond React and Next (${FRAMEWORK_KB} kB): the limit for a page is 15 kB.`,
    ],
  };
}

async function sizes(url: string, html: string, get: (path: string) => Promise<string>): Promise<BenchRow[]> {
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/nomodule/i.test(tag))
    .map(([, src]) => (src ?? "").replace(url, ""));
  const bodies = await Promise.all([...new Set(scripts)].map((path) => get(path)));
  const kilobytes = (texts: readonly string[]) =>
    texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0) / 1000;
  return [
    { what: "HTML with its data", unit: "kB", ours: figure(html.length / 1000) },
    { what: "HTML with its data, gzip", unit: "kB", ours: figure(kilobytes([html])) },
    {
      what: "JavaScript, gzip",
      unit: "kB",
      ours: figure(kilobytes(bodies)),
      floor: { what: "React and Next alone", figures: figure(FRAMEWORK_KB) },
      target: `≤ ${FRAMEWORK_KB + 15} kB`,
    },
  ];
}
