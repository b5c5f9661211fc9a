import { z } from "zod";
import type { MapKey } from "../access/map-rows";
import { foldName, parseAddress } from "../access/name";
import { PROTOCOLS } from "../access/rules";
import { parseSubject } from "../access/subject";
import { isLoadedMark } from "../dovecot/loaded-mark";
import { isSettingKey, type SettingKey, type SettingsValues } from "../settings/catalogue";
import { parseStored } from "../settings/schema";

/**
 * Everything that the root helper can be asked. A request holds states (values of settings, rows of rules), numbers and names,
 * never a text of a file, a path or an argument of a command. Each request has a connection of its own, one line of JSON long;
 * `map-write` and `map-rebuild` are followed by lines of rows.
 */

/** Longest request and longest line of rows, in bytes of UTF-8. */
export const LONGEST_REQUEST = 256 * 1024;
export const LONGEST_ROWS = 1024 * 1024;
/** Names in one question, rows in one line, sessions in one order to end them. */
export const MOST_ADDRESSES = 100;
export const MOST_ROWS = 2000;
export const MOST_SESSIONS = 1000;
/** Rows in one transaction upon the access map, and in one that is made anew. */
export const MOST_WRITTEN_ROWS = 200_000;
export const MOST_REBUILT_ROWS = 20_000_000;

/** Seconds within which somebody must confirm a change on trial. */
export const TRIAL_RANGE = { min: 10, max: 3600 };

const settingsValues = z.unknown().transform((input, context): SettingsValues => {
  const parsed = parseStored(input);
  if (parsed.ok) return parsed.values;
  for (const { message } of parsed.problems) context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const settingKey = z.custom<SettingKey>((key) => typeof key === "string" && isSettingKey(key));
const revision = z.number().int().min(1).max(2_000_000_000);
const pid = z.number().int().min(2).max(4_194_304);
/** Unix seconds, up to the year 9999. */
const instant = z.number().int().min(0).max(253_402_300_799);

/** As it was given; that it can be an account's name is what the one parser says. */
const address = z
  .string()
  .max(512)
  .refine((text) => parseAddress(text).ok, "is no address");
/** `doveadm` takes these two for patterns. */
const plainAddress = address.refine((text) => !/[*?]/.test(text), "is no single address");

const subject = z
  .string()
  .max(513)
  .refine((text) => text === foldName(text) && parseSubject(text).ok, "is no subject of a rule");
/** Of a row that goes. Whatever an edit by hand put there must be able to. */
const mapKey = z
  .strictObject({ k: z.string().max(4096), proto: z.string().max(64), kind: z.number().int() })
  .transform((key) => key as MapKey);
const mapRow = z.strictObject({
  k: subject,
  proto: z.enum([...PROTOCOLS, "all"]),
  kind: z.literal([0, 1]),
  state: z.literal([0, 1]),
  until: instant.nullable(),
});

const session = z.strictObject({
  pid,
  username: z.string().min(1).max(1024),
  protocol: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
});

export const requestSchema = z.discriminatedUnion("ask", [
  // Questions: nothing is changed by them.
  z.strictObject({ ask: z.literal("version") }),
  z.strictObject({ ask: z.literal("config") }),
  z.strictObject({ ask: z.literal("target") }),
  z.strictObject({ ask: z.literal("running") }),
  z.strictObject({ ask: z.literal("load"), mark: z.string().max(64).refine(isLoadedMark) }),
  z.strictObject({ ask: z.literal("trial"), revision }),
  z.strictObject({ ask: z.literal("who") }),
  z.strictObject({ ask: z.literal("users") }),
  z.strictObject({ ask: z.literal("mailbox-size"), address: plainAddress }),
  z.strictObject({
    ask: z.literal("lookup"),
    protocol: z.enum(PROTOCOLS),
    addresses: z.array(address).min(1).max(MOST_ADDRESSES),
  }),
  // One at a time.
  z.strictObject({
    ask: z.literal("prepare"),
    values: settingsValues,
    touched: z.array(settingKey).max(500),
  }),
  z.strictObject({
    ask: z.literal("commit"),
    /** Of the preparation, once. */
    ticket: z.string().regex(/^[0-9a-f]{32}$/),
    revision,
    replaceEdited: z.boolean(),
    trial: z.number().int().min(TRIAL_RANGE.min).max(TRIAL_RANGE.max).nullable(),
  }),
  z.strictObject({ ask: z.literal("keep"), revision }),
  z.strictObject({ ask: z.literal("recover") }),
  z.strictObject({ ask: z.literal("restore"), dryRun: z.boolean() }),
  z.strictObject({ ask: z.literal("kick"), sessions: z.array(session).max(MOST_SESSIONS) }),
  z.strictObject({ ask: z.literal("end-auth-workers"), which: z.enum(["all", "stale"]) }),
  // Followed by lines of rows.
  z.strictObject({ ask: z.literal("map-write") }),
  z.strictObject({ ask: z.literal("map-rebuild"), sequence: z.number().int().min(0) }),
]);

/** What follows `map-write`: rows, as often as there are, then the end with the new sequence. Nothing counts before the end. */
export const mapLineSchema = z.union([
  z.strictObject({
    remove: z.array(mapKey).max(MOST_ROWS),
    put: z.array(mapRow).max(MOST_ROWS),
  }),
  z.strictObject({ end: z.literal(true), sequence: z.number().int().min(0).nullable() }),
]);

/** What follows `map-rebuild`. */
export const rebuildLineSchema = z.union([
  z.strictObject({ rows: z.array(mapRow).max(MOST_ROWS) }),
  z.strictObject({ end: z.literal(true) }),
]);

export type HelperRequest = z.infer<typeof requestSchema>;
export type MapLine = z.infer<typeof mapLineSchema>;
export type RebuildLine = z.infer<typeof rebuildLineSchema>;
