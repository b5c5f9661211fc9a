import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DrillReport } from "./report";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const FAMILIES = ["2.3", "2.4"] as const;
/** As many times as many random states as in `npm test`. */
const TIMES = 10;

interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** The integration tests on each version alone: there it is the first, so that what needs but one Dovecot is done on it. */
export default async function drill(): Promise<DrillReport> {
  const facts: DrillReport["facts"] = [];
  const failures: string[] = [];
  for (const family of FAMILIES) {
    const { testResults } = await runSuite(family);
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const count = (status: string) => tests.filter((one) => one.status === status).length;
    const words = `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
    facts.push([`Dovecot ${family}`, words]);
    process.stdout.write(`  ${family}: ${words}\n`);
    for (const { name, message, assertionResults } of testResults) {
      const failed = assertionResults.filter(({ status }) => status === "failed");
      failures.push(
        ...failed.map(
          ({ fullName, failureMessages }) => `Dovecot ${family}: ${fullName}\n${failureMessages.join("\n")}`,
        ),
      );
      // What failed before any of its tests began.
      if (failed.length === 0 && message) failures.push(`Dovecot ${family}: ${name}\n${message}`);
    }
  }
  return {
    title: "The integration tests on each version alone",
    about: `What doesn't hang on Dovecot's version is tried in \`npm test\` on one of the two. Here everything is done on Dovecot 2.3 and then on 2.4, with ${TIMES} times as many random states. What is skipped needs the other version.`,
    facts,
    failures,
  };
}

async function runSuite(family: string): Promise<Report> {
  const outputFile = join(ROOT, `.build/integration-suite-${family}.json`);
  rmSync(outputFile, { force: true });
  const args = [
    "run",
    "--project",
    "integration",
    // For as many more states as are drawn.
    "--test-timeout=600000",
    "--reporter=json",
    `--outputFile=${outputFile}`,
  ];
  const child = spawn(join(ROOT, "node_modules/.bin/vitest"), args, {
    cwd: ROOT,
    env: { ...process.env, PORTCULLIS_TEST_FAMILY: family, PORTCULLIS_TEST_TIMES: String(TIMES) },
    stdio: "ignore",
  });
  await new Promise((resolve) => child.once("exit", resolve));
  return JSON.parse(readFileSync(outputFile, "utf8")) as Report;
}
