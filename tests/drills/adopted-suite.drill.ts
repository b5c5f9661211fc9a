import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { notRoot } from "../support/helper-sandbox";
import type { DrillReport } from "./report";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const FAMILIES = ["2.3", "2.4"] as const;

/** What these are about isn't there in this shape, or they bring a shape of their own. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  adopt: "brings an adopted server of its own, in this very shape",
  newcomer: "is about the private Dovecot's start and end",
  "unprivileged-panel": "brings a helper and a panel of an unprivileged user of its own",
};

/** Those that matter most come first, so that a run that is cut short has them. */
const FIRST = [
  "mailserver",
  "settings",
  "accounts-enforced",
  "review",
  "home-and-sessions",
  "evidence",
  "roles",
  "api",
];

interface Ran {
  passed: number;
  skipped: number;
  /** Their names and messages. */
  failed: string[];
}

/**
 * The end-to-end suite, file by file, against an adopted server through the helper. `ADOPTED_SUITE_FILES` and
 * `ADOPTED_SUITE_FAMILIES` name some of them (with spaces between) where it is looked at in parts.
 */
export default async function drill(): Promise<DrillReport> {
  const reason = notRoot();
  if (reason) return { title: TITLE, about: ABOUT, facts: [], failures: [reason] };
  const all = readdirSync(join(ROOT, "tests/e2e")).map((name) => name.replace(/\.test\.ts$/, ""));
  const asked = process.env.ADOPTED_SUITE_FILES?.split(" ") ?? [
    ...FIRST,
    ...all.filter((name) => !FIRST.includes(name)),
  ];
  const families = process.env.ADOPTED_SUITE_FAMILIES?.split(" ") ?? FAMILIES;
  const facts: DrillReport["facts"] = [];
  const failures: string[] = [];
  for (const name of asked) {
    const left = LEFT_OUT[name];
    if (left !== undefined) {
      facts.push([name, `left out: it ${left}`]);
      continue;
    }
    const words: string[] = [];
    for (const family of families) {
      const ran = await runFile(name, family);
      const skipped = ran.skipped > 0 ? `, ${ran.skipped} skipped` : "";
      words.push(`${family}: ${ran.passed} passed, ${ran.failed.length} failed${skipped}`);
      failures.push(...ran.failed.map((one) => `${name}, Dovecot ${family}: ${one}`));
    }
    facts.push([name, words.join("; ")]);
    process.stdout.write(`  ${name}: ${words.join("; ")}\n`);
  }
  return { title: TITLE, about: ABOUT, facts, failures };
}

async function runFile(name: string, family: string): Promise<Ran> {
  const outputFile = join(ROOT, `.build/adopted-suite-${name}-${family}.json`);
  rmSync(outputFile, { force: true });
  const args = [
    "run",
    "--project",
    "e2e",
    `tests/e2e/${name}.test.ts`,
    "--reporter=json",
    `--outputFile=${outputFile}`,
  ];
  const child = spawn(join(ROOT, "node_modules/.bin/vitest"), args, {
    cwd: ROOT,
    env: { ...process.env, PORTCULLIS_TEST_SHAPE: "adopted", PORTCULLIS_TEST_FAMILY: family },
    stdio: ["ignore", "ignore", "ignore"],
  });
  await new Promise((resolve) => child.once("exit", resolve));
  return readReport(outputFile);
}

interface Report {
  testResults: {
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

function readReport(file: string): Ran {
  const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string) => tests.filter((one) => one.status === status).length;
  const failed = tests.filter((one) => one.status === "failed");
  return {
    passed: count("passed"),
    skipped: tests.length - count("passed") - failed.length,
    failed: [
      ...failed.map(({ fullName, failureMessages }) => `${fullName}\n${short(failureMessages.join("\n"))}`),
      // What failed before any test began.
      ...(failed.length === 0
        ? testResults
            .map(({ message }) => message)
            .filter(Boolean)
            .map(short)
        : []),
    ],
  };
}

function short(message: string): string {
  return message
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .slice(0, 12)
    .join("\n")
    .slice(0, 1200);
}

const TITLE = "The end-to-end suite against an adopted server, through the helper";
const ABOUT =
  "A server that was there before (its own configuration, virtual users in a passwd-file, the sample accounts and mail), started as root as its service would; adopted by root for a home that belongs to another user; the helper as root; the panel as an unprivileged user. Then the end-to-end tests, file by file, on Dovecot 2.3 and 2.4. Passed, failed and skipped are counted in tests; what is left out is named with the reason.";
