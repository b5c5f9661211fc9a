import { z } from "zod";

/** What closing a protocol would do to those who use it. */
export const impact = z
  .object({
    what: z.string(),
    days: z.int(),
    used: z.int(),
    only: z.int().nullable().describe("used nothing else"),
    unknown: z.int().nullable(),
    account: z.string().optional(),
    connected: z.object({ sessions: z.int(), accounts: z.int() }).nullable(),
    unlisted: z.int(),
    lists: z.array(
      z.object({
        of: z.enum(["used", "only", "unknown"]),
        label: z.string(),
        filter: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
      }),
    ),
    limits: z.array(z.string()).describe("what isn't known"),
  })
  .meta({ id: "Impact" });
