import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

const SLOWEST = 10;

/**
 * Counts and times the tests for `npm test`, which prints the summary as its last lines: each skip with its
 * reason, the slowest, and the figures.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const count = (state: string) => cases.filter((test) => test.result().state === state).length;
    const skipped = cases.filter((test) => test.result().state === "skipped");
    const failed = cases.filter((test) => test.result().state === "failed");
    const lines = [
      ...(failed.length > 0
        ? ["Failed:", ...failed.map((test) => `  ${test.module.relativeModuleId} > ${test.fullName}`)]
        : []),
      "Slowest:",
      ...cases
        .toSorted((a, b) => duration(b) - duration(a))
        .slice(0, SLOWEST)
        .map((test) => `  ${(duration(test) / 1000).toFixed(1).padStart(6)} s  ${test.fullName}`),
      ...(skipped.length > 0
        ? ["Skipped:", ...skipped.map((test) => `  ${test.fullName}: ${reasonOf(test)}`)]
        : []),
    ];
    const summary = {
      passed: count("passed"),
      failed: count("failed") + broken,
      skipped: skipped.length,
      lines,
    };
    const path = process.env.PORTCULLIS_TEST_SUMMARY;
    if (path) writeFileSync(path, JSON.stringify(summary));
  }
}

function duration(test: TestCase): number {
  return test.diagnostic()?.duration ?? 0;
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === "skipped" && result.note) || "no reason given";
}
