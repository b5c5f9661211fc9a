import { type MoveCost, type MoveFacts, moveCost } from "@/lib/core/use/move";
import type { Volume } from "@/lib/core/volume";
import type { Database } from "../database/client";
import { type MailKept, mailKept } from "./mail-kept";
import { type WhoUsesWhich, whoUsesWhich } from "./who-uses-which";

/** What was asked for; undefined where the server's own figure is to be taken. */
export type MoveAsked = Pick<MoveFacts, "move"> & {
  [Key in "accounts" | "mb" | "grow" | "taken"]?: number | undefined;
};

export interface Guide {
  kept: MailKept;
  users: WhoUsesWhich;
  facts: MoveFacts;
  cost: MoveCost;
}

const MB = 1_000_000;
const MONTH_DAYS = 30;
/** Most programs take mail off the server unless they are told to leave a copy. */
const USUALLY_TAKEN = 100;

/** This server's figures, and what a move comes to by them and by what was assumed. */
export async function guideFor(db: Database, volume: Volume | null, asked: MoveAsked): Promise<Guide> {
  const [kept, users] = await Promise.all([mailKept(db), whoUsesWhich(db)]);
  const { move } = asked;
  const average = kept.measured === 0 ? 0 : kept.bytes / kept.measured / MB;
  const growth =
    kept.perDay === undefined || kept.measured === 0
      ? 0
      : Math.max(0, (kept.perDay * MONTH_DAYS) / kept.measured / MB);
  const facts: MoveFacts = {
    move,
    accounts: asked.accounts ?? (move === "to-imap" ? users.pop3Only : users.imapOnly),
    mb: asked.mb ?? rounded(average),
    grow: asked.grow ?? rounded(growth),
    taken: asked.taken ?? USUALLY_TAKEN,
    freeBytes: volume?.freeBytes,
  };
  return { kept, users, facts, cost: moveCost(facts) };
}

/** To two figures: more would claim what isn't known. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
