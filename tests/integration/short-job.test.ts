import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { doShortJob } from "@/lib/server/jobs/run";
import { addJob, claimJob, endJob } from "@/lib/server/jobs/store";
import type { MailNode } from "@/lib/server/node";
import { testDatabase } from "../support/database";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => await database.remove());

it("a short job that the keeper took first is waited for", async () => {
  const { db } = database;
  const actor = { name: "tester", origin: "cli" } as const;
  const id = await addJob({ db, scope: null }, { kind: "bulk-access", input: {}, total: 1, actor });
  expect((await claimJob(db))?.id).toBe(id);
  let isDone = false;
  // Of a node it needs the database alone: the job is somebody else's.
  const waiting = doShortJob({ db } as MailNode, id).then(() => (isDone = true));
  await sleep(100);
  expect(isDone).toBe(false);
  await endJob(db, id, "done", []);
  await waiting;
  expect((await db.job.findUniqueOrThrow({ where: { id } })).state).toBe("done");
});
