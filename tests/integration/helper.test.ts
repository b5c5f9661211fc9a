import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOVECOTS } from "../support/dovecot-versions";
import { type HelperSandbox, notRoot, startHelperSandbox } from "../support/helper-sandbox";

describe.each(DOVECOTS)("a panel without rights, through the root helper, Dovecot $family", (dovecot) => {
  let at: HelperSandbox;
  beforeAll(async () => {
    if (dovecot.missing || notRoot()) return;
    at = await startHelperSandbox(dovecot);
  });
  afterAll(async () => await at?.remove());

  it("closes POP3", async (context) => {
    const missing = dovecot.missing ?? notRoot();
    if (missing) context.skip(missing);
    for (const args of [
      ["status"],
      ["mailserver", "set", "pop3=off", "--reason", "x"],
      ["status"],
      ["verify"],
    ]) {
      const ran = await at.cli(...args);
      console.log(ran);
    }
    console.log(at.log());
  });
});
