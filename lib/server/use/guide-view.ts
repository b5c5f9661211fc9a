import { USED_DAYS } from "@/lib/core/access/filter";
import type { UrlParameters } from "@/lib/core/url-query";
import { byteWords } from "@/lib/core/use/byte-words";
import { moveQuery } from "@/lib/core/use/move";
import type { GuideView } from "@/lib/core/views";
import type { Volume } from "@/lib/core/volume";
import type { Database } from "../database/client";
import { panelSettings } from "../panel-settings";
import { coverageLimits, coverageOf } from "./coverage";
import { type Guide, guideFor } from "./guide";

const MONTH_DAYS = 30;

/** The guide's figures as its page shows them. What was typed and can't be used stays to be mended. */
export async function guideView(
  db: Database,
  volume: Volume | null,
  parameters: UrlParameters,
): Promise<GuideView> {
  const read = moveQuery.parse(parameters);
  const asked = read.ok ? read.query : { move: "to-imap" as const };
  const [guide, coverage, { values: use }] = await Promise.all([
    guideFor(db, volume, asked),
    coverageOf(db),
    panelSettings(db, "use"),
  ]);
  const { kept, facts } = guide;
  const own = {
    move: facts.move,
    accounts: String(facts.accounts),
    mb: String(facts.mb),
    grow: String(facts.grow),
    taken: String(facts.taken),
  };
  return {
    facts: factsOf(guide, volume),
    limits: coverageLimits(coverage, USED_DAYS),
    isMeasuring: use.measure,
    biggest: kept.biggest.map(({ address, messages, bytes }) => ({
      address,
      messages,
      words: byteWords(bytes),
    })),
    fastest: kept.fastest.map(({ address, messages, perDay = 0 }) => ({
      address,
      messages,
      words: `+ ${byteWords(perDay * MONTH_DAYS)}`,
    })),
    values: read.ok ? own : { ...own, ...read.given },
    problems: read.ok ? [] : read.problems,
    cost: read.ok ? costSentences(guide) : ["A figure above can't be used."],
  };
}

function factsOf({ kept, users }: Guide, volume: Volume | null): GuideView["facts"] {
  const many = (count: number) => count.toLocaleString("en");
  return [
    volume
      ? {
          label: `Mail volume at ${volume.folder}`,
          value: `${byteWords(volume.freeBytes)} free of ${byteWords(volume.sizeBytes)}`,
          note: `${byteWords(volume.usedBytes)} used, by mail and by whatever else lies there.`,
        }
      : {
          label: "Mail volume",
          value: "not known",
          note: "The configuration doesn't name one folder that all mail is in.",
        },
    {
      label: "Mail kept",
      value: kept.measured === 0 ? "not measured yet" : byteWords(kept.bytes),
      note:
        kept.measured === 0
          ? ""
          : `In ${many(kept.measured)} of ${many(Math.max(kept.measured, kept.accounts))} mailboxes${kept.perDay === undefined ? "" : `; ${kept.perDay < 0 ? "shrinks" : "grows"} by ${byteWords(Math.abs(kept.perDay * MONTH_DAYS))} a month`}.`,
    },
    {
      label: `Accounts that used nothing but IMAP within ${USED_DAYS} days`,
      value: many(users.imapOnly),
      note: `${many(users.both)} used both.`,
    },
    {
      label: `Accounts that used nothing but POP3 within ${USED_DAYS} days`,
      value: many(users.pop3Only),
      note: "",
    },
  ];
}

function costSentences({ facts, cost }: Guide): string[] {
  const { move, accounts, freeBytes } = facts;
  const who = `${accounts.toLocaleString("en")} ${accounts === 1 ? "account" : "accounts"}`;
  if (move === "to-pop3") {
    return [
      `${byteWords(-cost.bytes)} would go off the disk, when the programs of ${who} have taken their mail.`,
      `${byteWords(-cost.monthlyBytes)} less a month.`,
      "Each of them has its mail on one device from then on.",
    ];
  }
  return [
    `${byteWords(cost.bytes)} more on the disk, when ${who} keep as much as others do.`,
    `${byteWords(cost.monthlyBytes)} more a month.`,
    ...(freeBytes === undefined
      ? ["Whether there is room isn't known."]
      : [
          cost.bytes > freeBytes
            ? `That is more than the ${byteWords(freeBytes)} that are free.`
            : `${byteWords(freeBytes)} are free now${monthsWords(cost.monthsLeft)}.`,
        ]),
  ];
}

function monthsWords(months: number | undefined): string {
  if (months === undefined) return "";
  if (months > 240) return ": by this alone they last for decades";
  const words = months < 2 ? `${Math.round(months * 30)} days` : `${Math.round(months)} months`;
  return `: by this alone they last for ${words}`;
}
