import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { type Database, openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { nodeAt } from "@/lib/server/node";
import type { RunningPanel } from "../../support/panel";
import { addresses, type Size } from "./seed";
import { addRules } from "./server";

const CHUNK = 10_000;

/** Gives a running panel so many accounts with their rules, as a listing and people would have over the years. */
export async function seedPanel(panel: RunningPanel, size: Size): Promise<void> {
  const home = homeAt(panel.home);
  const db = openDatabase(home.database);
  await addAccounts(db, size);
  await addRules({ node: await nodeAt(home, db) }, size);
  await db.$disconnect();
}

/** So many accounts, as a listing would have named them. */
export async function addAccounts(db: Database, size: Size): Promise<void> {
  let chunk: string[] = [];
  for (const address of addresses(size)) {
    chunk.push(address);
    if (chunk.length < CHUNK) continue;
    await addSeen(db, chunk, new Date());
    chunk = [];
  }
  await addSeen(db, chunk, new Date());
  await countDomains(db);
}
