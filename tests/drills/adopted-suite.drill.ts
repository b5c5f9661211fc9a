import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
  /** When it was run, where it was. */
  at: string | undefined;
  passed: number;
  skipped: number;
  /** Their names and messages. */
  failed: string[];
}

/**
 * The end-to-end suite, file by file, against an adopted server through the helper. `ADOPTED_SUITE_FILES` and
 * `ADOPTED_SUITE_FAMILIES` name some of them (with spaces between) where it is looked at in parts: vitest's own report of each
 * is kept, and the drill's is about the newest of all files, with the time of each.
 */
export default async function drill(): Promise<DrillReport> {
  const reason = notRoot();
  if (reason) return { title: TITLE, about: ABOUT, facts: [], failures: [reason] };
  const found = readdirSync(join(ROOT, "tests/e2e")).map((name) => name.replace(/\.test\.ts$/, ""));
  const all = [...FIRST, ...found.filter((name) => !FIRST.includes(name))];
  const asked = process.env.ADOPTED_SUITE_FILES?.split(" ") ?? all;
  const families = process.env.ADOPTED_SUITE_FAMILIES?.split(" ") ?? FAMILIES;
  for (const name of asked.filter((one) => LEFT_OUT[one] === undefined)) {
    for (const family of families) {
      await runFile(name, family);
      process.stdout.write(`  ${name}: ${told(family, readReport(name, family))}\n`);
    }
  }
  const kept = all.flatMap((name) =>
    FAMILIES.map((family) => ({ name, family, ...readReport(name, family) })),
  );
  return {
    title: TITLE,
    about: ABOUT,
    facts: [
      ...all.map((name): [string, string] => [
        name,
        LEFT_OUT[name] === undefined
          ? FAMILIES.map((family) => told(family, readReport(name, family))).join("; ")
          : `left out: it ${LEFT_OUT[name]}`,
      ]),
      ["run in this turn", `${asked.join(", ")} on ${families.join(" and ")}`],
    ],
    failures: kept
      .filter(({ name }) => LEFT_OUT[name] === undefined)
      .flatMap(({ name, family, at, failed }) =>
        (at === undefined ? ["not run"] : failed).map((one) => `${name}, Dovecot ${family}: ${one}`),
      ),
  };
}

function told(family: string, { at, passed, skipped, failed }: Ran): string {
  if (at === undefined) return `${family}: not run`;
  const rest = skipped > 0 ? `, ${skipped} skipped` : "";
  return `${family}: ${passed} passed, ${failed.length} failed${rest} (${at})`;
}

const keptAt = (name: string, family: string) => join(ROOT, `.build/adopted-suite-${name}-${family}`);
const reportOf = (name: string, family: string) => `${keptAt(name, family)}.json`;
const logOf = (name: string, family: string) => `${keptAt(name, family)}.log`;

async function runFile(name: string, family: string): Promise<void> {
  const outputFile = reportOf(name, family);
  rmSync(outputFile, { force: true });
  const args = [
    "run",
    "--project",
    "e2e",
    `tests/e2e/${name}.test.ts`,
    "--no-color",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${outputFile}`,
  ];
  const log = openSync(logOf(name, family), "w");
  const child = spawn(join(ROOT, "node_modules/.bin/vitest"), args, {
    cwd: ROOT,
    env: { ...process.env, PORTCULLIS_TEST_SHAPE: "adopted", PORTCULLIS_TEST_FAMILY: family },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  await new Promise((resolve) => child.once("exit", resolve));
}

interface Report {
  success: boolean;
  startTime: number;
  testResults: {
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

function readReport(name: string, family: string): Ran {
  const file = reportOf(name, family);
  if (!existsSync(file)) return { at: undefined, passed: 0, skipped: 0, failed: [] };
  const { startTime, success, testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string) => tests.filter((one) => one.status === status).length;
  const failed = tests.filter((one) => one.status === "failed");
  return {
    at: new Date(startTime).toISOString().slice(0, 16).replace("T", " "),
    passed: count("passed"),
    skipped: tests.length - count("passed") - failed.length,
    failed: [
      ...failed.map(({ fullName, failureMessages }) => `${fullName}\n${short(failureMessages.join("\n"))}`),
      // What failed before any test began stands in no test's own report.
      ...(failed.length === 0 && !success
        ? [`Not by a test:\n${short(/FAIL[^]*/.exec(readFileSync(logOf(name, family), "utf8"))?.[0] ?? "")}`]
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
  "A server that was there before (its own configuration, virtual users in a passwd-file, the sample accounts and mail), started as root as its service would; adopted by root for a home that belongs to another user; the helper as root; the panel as an unprivileged user. Then the end-to-end tests, file by file, on Dovecot 2.3 and 2.4. Passed, failed and skipped are counted in tests, with the time of the newest run of each (UTC); what is left out is named with the reason.";
