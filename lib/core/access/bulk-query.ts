import { z } from "zod";
import { urlQuery } from "../url-query";
import { BULK_CHOICES } from "./bulk-choice";
import { accountFilterSchema } from "./filter";

/** A URL has room for so many ids; a page of the list has fewer rows. */
const MOST_IDS = 500;
const LONGEST = 4000;

const idList = z
  .string()
  .max(LONGEST)
  .transform((text) => text.split(",").map(Number))
  .pipe(z.array(z.int().positive()).max(MOST_IDS))
  .optional();

/** An act upon many, as the URL of its preview has it: the accounts, by hand or by filter, and the act. */
const bulkQuerySchema = accountFilterSchema.extend({
  /** Accounts by their ids, with commas between. */
  ids: idList,
  /** All that the filter takes. */
  all: z.literal("yes").optional(),
  act: z.enum(BULK_CHOICES.map(({ value }) => value)).optional(),
  /** As it was typed: only a mistake is told beside its field. */
  until: z.string().max(100).default(""),
});

export type BulkQuery = z.infer<typeof bulkQuerySchema>;

export const bulkQuery = urlQuery(bulkQuerySchema, (key, value) =>
  key === "domain" && value === "" ? "@" : String(value),
);
