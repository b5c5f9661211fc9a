import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { raiseAlarm, standingAlarms } from "@/lib/server/alarms";
import { type Database, openDatabase } from "@/lib/server/database/client";
import { testDatabase } from "../support/database";

const program = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe("a database that threads read", () => {
  let made: Awaited<ReturnType<typeof testDatabase>>;
  let db: Database;
  const openWith = (reader: string) => {
    db = openDatabase(`${made.folder}/portcullis.sqlite`, program(reader));
  };
  const isReadBeside = async () =>
    await db.$transaction(
      async () => await Promise.race([standingAlarms(db).then(() => true), sleep(500, false)]),
    );
  beforeEach(async () => {
    made = await testDatabase();
  });
  afterEach(async () => {
    await db.$disconnect();
    await made.remove();
  });

  it("answers while a transaction is open, with what was committed, and with what it wrote as soon as that is", async () => {
    openWith("../../bin/serve/database-reader.mjs");
    await raiseAlarm(db, "before", "sentence");
    await db.$transaction(async (write) => {
      await write.alarm.deleteMany();
      // Without threads this would wait for the transaction that waits for it.
      expect(await standingAlarms(db)).toHaveLength(1);
      expect(await write.alarm.count()).toBe(0);
    });
    expect(await standingAlarms(db)).toEqual([]);
    for (let round = 0; round < 20; round += 1) {
      await raiseAlarm(db, `key ${round}`, "sentence");
      expect(await standingAlarms(db)).toHaveLength(round + 1);
    }
  });

  it("gives texts, numbers, moments and nothing as the connection itself does, and refusals too", async () => {
    openWith("../../bin/serve/database-reader.mjs");
    await raiseAlarm(db, "zoë's \0 key", "sentence");
    expect(await db.alarm.findMany()).toEqual(await made.db.alarm.findMany());
    const values = (one: Database) =>
      one.$queryRaw`SELECT 1 AS "whole", 1.5 AS "part", NULL AS "none", 'ü' AS "text", 9007199254740991 AS "big", x'00ff' AS "bytes"`;
    expect(await values(db)).toEqual(await values(made.db));
    const asked = (one: Database) =>
      one.$queryRaw`SELECT * FROM "Nowhere"`.then(
        () => "an answer",
        (error: { message: string; code: string }) => [error.code, error.message.split("\n").at(-1)],
      );
    expect(await asked(db)).toEqual(await asked(made.db));
  });

  it("counts long while short answers come", async () => {
    openWith("../../bin/serve/database-reader.mjs");
    let isCounted = false;
    const long = db.$queryRaw`
      SELECT count(*) AS "n" FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 3000000) SELECT x FROM c)`.then(
      () => (isCounted = true),
    );
    for (let round = 0; round < 5; round += 1) await standingAlarms(db);
    expect(isCounted).toBe(false);
    await long;
  });

  it("answers what is too much for its threads, and has them again afterwards", async () => {
    openWith("../../bin/serve/database-reader.mjs");
    const tooMuch = async () =>
      await db.$queryRaw`
      SELECT x, x || '@one.test' AS "a", x || '@two.test' AS "b" FROM (
        WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 150000) SELECT x FROM c)`;
    expect(await tooMuch()).toHaveLength(150_000);
    // The other thread was spared.
    expect(await isReadBeside()).toBe(true);
    expect(await tooMuch()).toHaveLength(150_000);
    await expect.poll(isReadBeside, { timeout: 15_000, interval: 1000 }).toBe(true);
  }, 30_000);

  it("goes on without its threads", async () => {
    openWith("../support/dying-reader.mjs");
    await raiseAlarm(db, "key", "sentence");
    for (let round = 0; round < 3; round += 1) expect(await standingAlarms(db)).toHaveLength(1);
  });
});
