import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOVECOTS } from "../support/dovecot-versions";
import { generator, killAtRandom } from "../support/killed-at-random";
import { bundled } from "../support/run-script";
import { startSandbox, type TestSandbox } from "../support/sandbox";

/** `npm run drill killed-at-random` makes hundreds with seeds of its own. */
const RUNS = 4;

describe.each(DOVECOTS)("a save, and something killed at a random moment, Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  let script: string;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    script = await bundled("tests/support/killed-save");
  });
  afterAll(async () => await sandbox?.remove());

  const random = generator(20 + Number(dovecot.family === "2.4"));
  it.for(Array.from({ length: RUNS }, (_, run) => run))(
    "leaves everything whole, run %i",
    async (_, context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const { what, faults } = await killAtRandom(sandbox, script, random);
      expect(faults, what).toEqual([]);
    },
  );
});
