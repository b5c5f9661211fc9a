import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MapRow } from "@/lib/core/access/map-rows";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { mendMap } from "@/lib/server/access/mend-map";
import { wantedRows } from "@/lib/server/access/wanted-rows";
import { startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import type { TestSandbox } from "../support/sandbox";

/** More than a transaction mends, whatever part of them falls on one side of a boundary. */
const MANY = 1700;

/** The file and its queries are the same for both versions. */
const [dovecot] = DOVECOTS.filter(({ missing }) => !missing);

describe("an access map that is wrong in very many places", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (dovecot && !dovecot.missing) sandbox = await startAccessSandbox(dovecot, ["alice@a.test"]);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (!sandbox) context.skip("There is no Dovecot here.");
  });

  it("is mended in as many transactions as that takes, whole subjects at a time", async () => {
    const { db, map, name } = sandbox.node;
    await db.accessState.upsert({
      where: { node: name },
      create: { node: name, sequence: 7 },
      update: { sequence: 7 },
    });
    const change = await db.accessChange.create({
      data: { at: new Date(), actor: "tester", origin: "cli", reason: "", sentence: "", count: 2 * MANY },
    });
    const subject = (index: number) => `user${String(index).padStart(5, "0")}@a.test`;
    await db.policy.createMany({
      data: Array.from({ length: 2 * MANY }, (_, index) => ({
        subject: subject(index >> 1),
        protocol: PROTOCOLS[index & 1] ?? "imap",
        level: "account",
        domain: "a.test",
        state: "deny",
        changeId: change.id,
      })),
    });
    // Half of these belong there, with the other state; half don't, between those that do and after them.
    await map.exclusively(async (write) => {
      write.put(
        Array.from({ length: MANY }, (_, index) => ({
          k: index % 2 === 0 ? subject(index) : `${subject(index * 2)}.stale`,
          proto: "pop3",
          kind: 1,
          state: 1,
          until: null,
        })),
      );
    });

    const mended = await mendMap(sandbox.node);

    const wanted: MapRow[] = [];
    for await (const page of wantedRows(db)) wanted.push(...page);
    expect(wanted).toHaveLength(2 * MANY);
    expect([...map.rows()]).toEqual(wanted);
    expect(mended).toEqual({ rebuilt: false, rows: 2 * MANY + MANY / 2 });
    expect(map.sequence()).toBe(7);
    expect(await mendMap(sandbox.node)).toEqual({ rebuilt: false, rows: 0 });
  });
});
