import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { raiseAlarm, standingAlarms } from "@/lib/server/alarms";
import { testDatabase } from "../support/database";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => await database.remove());

it("waits while another process writes, and can write and commit afterwards, again and again", async () => {
  const { db, folder } = database;
  const other = new Database(`${folder}/portcullis.sqlite`);
  for (let round = 0; round < 5; round++) {
    other.exec("BEGIN IMMEDIATE");
    const inTransaction = db.$transaction(async (write) => {
      await write.alarm.deleteMany();
      return await write.alarm.count();
    });
    await sleep(50);
    other.exec("COMMIT");
    expect(await inTransaction).toBe(0);

    other.exec("BEGIN IMMEDIATE");
    const alone = raiseAlarm(db, "key", "sentence");
    await sleep(50);
    other.exec("COMMIT");
    await alone;
    expect(await standingAlarms(db)).toHaveLength(1);
  }
  other.close();
});
