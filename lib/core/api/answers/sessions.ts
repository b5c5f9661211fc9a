import { z } from "zod";
import { SECURITIES } from "../../use/security";
import { instant } from "./instant";

/** Somebody who is connected now. */
export const session = z
  .object({
    username: z.string(),
    protocol: z.string(),
    ip: z.string(),
    pid: z.int(),
    since: instant.nullable(),
    security: z.enum(SECURITIES).nullable(),
    tlsVersion: z.string(),
    idleS: z.int().nullable().describe("seconds since something came from it"),
  })
  .meta({ id: "Session" });
export type SessionJson = z.infer<typeof session>;

export const sessionsEnded = z
  .union([
    z.object({ dryRun: z.literal(true), matching: z.int() }),
    z.object({ ended: z.int(), left: z.int().describe("still open: they can't be ended alone") }),
  ])
  .meta({ id: "SessionsEnded" });
