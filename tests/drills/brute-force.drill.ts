import { request } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { builtActions } from "../support/http-actions";
import { ADMIN, startPanel } from "../support/panel";
import type { DrillReport } from "./report";

const SECONDS = 60;
const A_SECOND = 50;
/** All of the loopback: a place each. */
const GUESSER = "127.0.0.9";
const ELSEWHERE = "127.0.0.5";
/** Seconds between two sign-ins of hers at one place. */
const EVERY = 6;
/** A person waits no longer for a sign-in; in milliseconds. */
const PATIENCE_MS = 3000;

interface Tried {
  outcome: "in" | "wrong" | "slowed" | "error";
  ms: number;
  cookies: string;
}

/** Passwords guessed fifty times a second for a minute, while their owner signs in again and again. */
export default async function drill(): Promise<DrillReport> {
  const panel = await startPanel();
  const failures: string[] = [];
  try {
    const known = await tryPassword(panel.url, ELSEWHERE, ADMIN.password);
    const device = /portcullis\.device=[^;]*/.exec(known.cookies)?.[0] ?? "";
    const guesses: Promise<Tried>[] = [];
    const began = performance.now();
    const [elsewhere, onDevice, stranger] = await Promise.all([
      again(() => tryPassword(panel.url, ELSEWHERE, ADMIN.password)),
      again(() => tryPassword(panel.url, GUESSER, ADMIN.password, device)),
      again(() => tryPassword(panel.url, GUESSER, ADMIN.password)),
      (async () => {
        for (let tick = 0; tick < SECONDS * A_SECOND; tick++) {
          guesses.push(tryPassword(panel.url, GUESSER, `guess number ${tick}`));
          await sleep(Math.max(0, began + ((tick + 1) * 1000) / A_SECOND - performance.now()));
        }
      })(),
    ]);
    const guessed = await Promise.all(guesses);
    const audit = await panel.cli("audit", "list", "--action", "session.sign-in", "--limit", "200", "--json");
    const entries = JSON.parse(audit.stdout) as { outcome: string }[];
    for (const [who, tries] of [
      ["from another address", elsewhere],
      ["from the guesser's address on a device of hers", onDevice],
    ] as const) {
      const kept = tries.filter(({ outcome, ms }) => outcome !== "in" || ms > PATIENCE_MS);
      if (kept.length > 0) failures.push(`${who}: ${kept.map(words).join(", ")}`);
    }
    if (guessed.some(({ outcome }) => outcome === "in")) failures.push("A guess was let in.");
    if (howMany(guessed, "error") > 0) failures.push(`${howMany(guessed, "error")} guesses got no answer.`);
    if (howMany(guessed, "wrong") > 22) failures.push(`${howMany(guessed, "wrong")} guesses were looked at.`);
    return {
      title: TITLE,
      about: ABOUT,
      facts: [
        [
          "guesses",
          `${guessed.length} in ${SECONDS} s: ${howMany(guessed, "wrong")} looked at, ${howMany(guessed, "slowed")} told to wait; ${times(guessed)}`,
        ],
        [
          "she, from another address",
          `${howMany(elsewhere, "in")} of ${elsewhere.length} let in; ${times(elsewhere)}`,
        ],
        [
          "she, from the guesser's address, on a device she signed in with before",
          `${howMany(onDevice, "in")} of ${onDevice.length} let in; ${times(onDevice)}`,
        ],
        [
          "she, from the guesser's address, on a new device",
          `${howMany(stranger, "in")} of ${stranger.length} let in (not promised: decision 043)`,
        ],
        ["entries in the audit", `${entries.length}, of ${guessed.length} guesses`],
      ],
      failures,
    };
  } finally {
    await panel.remove();
  }
}

const TITLE = "Passwords guessed fifty times a second";
const ABOUT =
  "For a minute somebody guesses an administrator's password from one address. No guess is let in, few are looked at at all, every one is answered; meanwhile its owner signs in every six seconds from another address, and from the guesser's own address with a browser that she used before, and is let in each time within three seconds. The audit has a line for each refusal that was looked at and for the first that was slowed, not thousands.";

async function again(act: () => Promise<Tried>): Promise<Tried[]> {
  const tries: Tried[] = [];
  for (let round = 0; round < SECONDS / EVERY - 1; round++) {
    await sleep(EVERY * 1000);
    tries.push(await act());
  }
  return tries;
}

function howMany(tries: readonly Tried[], outcome: Tried["outcome"]): number {
  return tries.filter((one) => one.outcome === outcome).length;
}

function times(tries: readonly Tried[]): string {
  const sorted = tries.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  return `half within ${at(0.5)} ms, 95 % within ${at(0.95)} ms, all within ${at(1)} ms`;
}

function words({ outcome, ms }: Tried): string {
  return `${outcome} after ${Math.round(ms)} ms`;
}

const action = builtActions().find(({ name }) => name === "signIn");

async function tryPassword(url: string, from: string, password: string, cookie = ""): Promise<Tried> {
  const form = new FormData();
  form.append("_1_email", ADMIN.email);
  form.append("_1_password", password);
  form.append("0", '[{"status":"idle","at":0},"$K1"]');
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const headers = {
    "content-type": encoded.headers.get("content-type") ?? "",
    "content-length": body.length,
    "next-action": action?.id ?? "",
    origin: url,
    cookie,
  };
  const began = performance.now();
  return await new Promise((resolve) => {
    const asked = request(`${url}/sign-in`, { method: "POST", localAddress: from, headers }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += String(chunk)));
      answer.on("end", () => {
        const isIn = String(answer.headers["x-action-redirect"] ?? "").startsWith("/;");
        const outcome = isIn
          ? "in"
          : text.includes("Too many tries")
            ? "slowed"
            : text.includes("is wrong")
              ? "wrong"
              : "error";
        resolve({
          outcome,
          ms: performance.now() - began,
          cookies: (answer.headers["set-cookie"] ?? []).join("; "),
        });
      });
    });
    asked.on("error", () => resolve({ outcome: "error", ms: performance.now() - began, cookies: "" }));
    asked.end(body);
  });
}
