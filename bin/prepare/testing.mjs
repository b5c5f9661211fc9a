import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPanel } from "./build.mjs";
import { runTests, staticChecks } from "./checks.mjs";
import { installByHand, installPackages, isDebianLike, isRoot } from "./debian.mjs";
import { fetchDebian13, provideDovecot } from "./dovecot.mjs";
import { packageComplaints } from "./packages-checked.mjs";
import { say, Unready } from "./say.mjs";

/** Debian's Chromium without a window takes about a third less of the machine's time than the whole one; either will do. */
const BROWSERS = ["chromium-headless-shell", "chromium"];

/** Gets what the tests need, runs every kind of them, and ends with the one line that says how it went. */
export async function testEverything(root) {
  await provideBrowser();
  await provideJournalWriter();
  const home = join(root, ".build/test-home");
  mkdirSync(home, { recursive: true });
  const dovecotRoot = await provideDovecot(home);
  await provideDovecot24();
  const summaryFile = join(root, ".build/test-summary.json");
  rmSync(summaryFile, { force: true });
  // Built beforehand, so that no test measures it.
  await buildPanel(root);
  const checks = await staticChecks(root, { withSlow: true });
  checks.complaints.push(...(await packageComplaints(root)));
  const testsPassed = await runTests(root, ["unit", "golden", "integration", "e2e"], {
    PORTCULLIS_TEST_SUMMARY: summaryFile,
    PORTCULLIS_TEST_DOVECOT: dovecotRoot,
  }).then(
    () => true,
    (error) => {
      if (error.name !== "Unready") throw error;
      return false;
    },
  );
  const tests = readSummary(summaryFile);
  // A run that failed without naming a test (it could not start, a handler threw) is a failure all the same.
  const failedTests = testsPassed ? tests.failed : Math.max(1, tests.failed);
  const failed = failedTests + checks.complaints.length;
  process.stdout.write(`\n${[...tests.lines, ...checks.complaints].join("\n")}\n`);
  process.stdout.write(
    `${tests.passed + checks.passed} passed, ${failed} failed, ${tests.skipped} skipped\n`,
  );
  process.exit(failed > 0 ? 1 : 0);
}

function readSummary(file) {
  if (!existsSync(file))
    return { passed: 0, failed: 0, skipped: 0, lines: ["The tests did not run to their end."] };
  return JSON.parse(readFileSync(file, "utf8"));
}

async function provideBrowser() {
  if (BROWSERS.some((name) => existsSync(`/usr/bin/${name}`))) return;
  const why = "a browser for the end-to-end tests";
  if (!isDebianLike() || !isRoot()) throw installByHand(["chromium"], why);
  await installPackages([BROWSERS[0]], why).catch(async (error) => {
    if (error.name !== "Unready") throw error;
    await installPackages([BROWSERS[1]], why);
  });
}

const JOURNAL_WRITER = "/lib/systemd/systemd-journal-remote";

/** Writes journals for the tests that read one; where it can't be had, they are skipped with that reason. */
async function provideJournalWriter() {
  if (existsSync(JOURNAL_WRITER) || !isDebianLike() || !isRoot()) return;
  try {
    await installPackages(["systemd-journal-remote"], "journals for the tests to read");
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    say("journals", `can't be written here, their test is skipped: ${error.message.split("\n")[0]}`);
  }
}

/** Debian 13's Dovecot, where it can be had; where not, the tests that need it are skipped with the reason. */
async function provideDovecot24() {
  try {
    await fetchDebian13();
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    say("Dovecot 2.4", `not to be had here, its tests are skipped: ${error.message.split("\n")[0]}`);
  }
}
