import { it, type TestContext } from "vitest";
import { type AvailableDovecot, DOVECOTS } from "./dovecot-versions";

type Test = (name: string, test: (context: TestContext) => Promise<void> | void) => void;

/**
 * `it`, for what doesn't hang on Dovecot's version: done on the first one alone. `npm run drill integration-suite` does all of it
 * on each.
 */
export function once(dovecot: AvailableDovecot): Test {
  return dovecot === DOVECOTS[0] ? it : () => {};
}

/** How often a test of random states draws one; that drill draws many times as many. */
export function runs(usual: number): number {
  return usual * Number(process.env.PORTCULLIS_TEST_TIMES ?? 1);
}
