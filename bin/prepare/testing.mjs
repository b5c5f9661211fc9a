import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPanel } from "./build.mjs";
import { runTests, staticChecks } from "./checks.mjs";
import { installByHand, installPackages, isDebianLike, isRoot } from "./debian.mjs";
import { fetchDebian13, provideDovecot } from "./dovecot.mjs";
import { say, Unready } from "./say.mjs";

const CHROMIUM = "/usr/bin/chromium";

/** Gets what the tests need, runs every kind of them, and ends with the one line that says how it went. */
export async function testEverything(root) {
  await provideBrowser();
  const home = join(root, ".build/test-home");
  mkdirSync(home, { recursive: true });
  await provideDovecot(home);
  await provideDovecot24();
  const summaryFile = join(root, ".build/test-summary.json");
  rmSync(summaryFile, { force: true });
  let failure;
  let checks = 0;
  try {
    await staticChecks(root, { deadCode: true });
    checks = 1;
    // Built beforehand, so that no test measures it.
    await buildPanel(root);
    await runTests(root, ["unit", "golden", "integration", "e2e"], { PORTCULLIS_TEST_SUMMARY: summaryFile });
  } catch (error) {
    failure = error;
  }
  const summary = existsSync(summaryFile)
    ? JSON.parse(readFileSync(summaryFile, "utf8"))
    : { passed: 0, failed: 0, skipped: 0, lines: [] };
  const failed = summary.failed + (failure && summary.failed === 0 ? 1 : 0);
  process.stdout.write(`\n${summary.lines.join("\n")}\n`);
  if (failure && failure.name !== "Unready") process.stdout.write(`${failure.stack}\n`);
  else if (failure && checks === 0) process.stdout.write(`${failure.message}\n`);
  process.stdout.write(`${summary.passed} passed, ${failed} failed, ${summary.skipped} skipped\n`);
  process.exit(failed > 0 ? 1 : 0);
}

async function provideBrowser() {
  if (existsSync(CHROMIUM)) return;
  if (!isDebianLike() || !isRoot()) throw installByHand(["chromium"], "a browser for the end-to-end tests");
  await installPackages(["chromium"], "a browser for the end-to-end tests");
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
