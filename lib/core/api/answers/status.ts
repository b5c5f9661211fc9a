import { z } from "zod";
import { instant } from "./instant";
import { settingsValues } from "./settings";

export const enforcement = z
  .object({
    enforced: z.boolean(),
    map: z.enum(["current", "behind", "missing"]),
    troubles: z.array(z.string()),
    gaps: z.array(z.object({ key: z.string(), sentence: z.string() })),
    alarms: z.array(z.object({ sentence: z.string(), raisedAt: instant, seenAt: instant })),
    checkedAt: instant,
  })
  .meta({ id: "Enforcement" });
export type EnforcementJson = z.infer<typeof enforcement>;

/** What is wanted, in force and seen. */
export const status = z
  .object({
    checkedAt: instant,
    dovecot: z.object({
      version: z.string(),
      running: z.boolean(),
      trouble: z.string().nullable(),
      shutdownClients: z.boolean(),
    }),
    wanted: z.object({
      revision: z.int(),
      settings: settingsValues,
      author: z.string(),
      reason: z.string(),
      createdAt: instant,
    }),
    inForce: z.object({ revision: z.int(), since: instant }).nullable(),
    files: z.enum(["as-applied", "edited", "missing", "unreadable"]),
    loaded: z.boolean(),
    settled: z.boolean(),
    protocols: z.array(z.string()),
    listenersKnown: z.boolean(),
    listeners: z.array(
      z.object({
        protocol: z.string(),
        service: z.string(),
        address: z.string(),
        port: z.int(),
        tls: z.boolean(),
        wanted: z.enum(["open", "closed"]),
        seen: z.enum(["open", "closed", "failing"]),
        latencyMs: z.number().nullable(),
        reason: z.string().nullable(),
      }),
    ),
    sessions: z.record(z.string(), z.int()).nullable(),
    lastAttempt: z.object({ outcome: z.string(), finishedAt: instant }).nullable(),
    differences: z.array(z.string()),
    access: enforcement,
  })
  .meta({ id: "Status" });
export type StatusJson = z.infer<typeof status>;
