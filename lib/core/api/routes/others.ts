import { z } from "zod";
import { ROLES } from "../../operators/roles";
import { SECURITIES } from "../../use/security";
import { impact } from "../answers/evidence";
import { instant } from "../answers/instant";
import { job } from "../answers/jobs";
import { session, sessionsEnded } from "../answers/sessions";
import { status } from "../answers/status";
import { limitOf, pageOf, route } from "../route";
import { impactQuery } from "./accounts";
import { LONGEST_NAME } from "./fields";

const jobId = z.strictObject({ id: z.string().max(100) });

/** Which sessions, in the words of their page. */
const sessionFilter = {
  q: z.string().trim().max(320).optional().describe("any part of the account's name"),
  protocol: z.string().trim().max(32).optional().describe("imap, pop3, sieve"),
  from: z.string().trim().max(45).optional().describe("how the client's address begins"),
  security: z.enum([...SECURITIES, "unknown"]).optional(),
  idle: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("nothing came from it for so many minutes"),
};

export const otherRoutes = {
  showStatus: route({
    method: "GET",
    path: "/status",
    permission: "mailserver.read",
    tag: "Status",
    summary: "What is wanted, in force and seen, looked at now",
    answer: status,
  }),
  showToken: route({
    method: "GET",
    path: "/token",
    permission: "home.read",
    tag: "Status",
    summary: "What the token that asks may do now",
    answer: z
      .object({
        name: z.string(),
        owner: z.string(),
        role: z.enum(ROLES).describe("the lower of the token's and its owner's"),
        domains: z.array(z.string()).readonly().nullable().describe("null: all of the server"),
        readOnly: z.boolean(),
        expiresAt: instant,
      })
      .meta({ id: "Token" }),
  }),
  showImpact: route({
    method: "GET",
    path: "/impact",
    permission: "accounts.read",
    tag: "Evidence",
    summary: "Whom closing a protocol would shut out",
    description: "Of everybody, a domain or one account. A token for some domains names one of them.",
    query: impactQuery,
    answer: impact,
  }),
  listJobs: route({
    method: "GET",
    path: "/jobs",
    permission: "jobs.read",
    tag: "Jobs",
    summary: "Long work, newest first",
    query: z.strictObject({
      after: z.string().max(100).optional().describe("only what comes after this one: older ones"),
      limit: limitOf(20),
    }),
    answer: pageOf(job),
  }),
  showJob: route({
    method: "GET",
    path: "/jobs/{id}",
    permission: "jobs.read",
    tag: "Jobs",
    summary: "One job, and how far it is",
    description: "The ETag stands for its state.",
    params: jobId,
    answer: job,
    etag: "answers",
  }),
  cancelJob: route({
    method: "POST",
    path: "/jobs/{id}/cancel",
    permission: "accounts.change",
    tag: "Jobs",
    summary: "Stop it after the step that is under way; what was done by then stays",
    params: jobId,
    answer: job,
    changes: true,
    etag: "required",
  }),
  resumeJob: route({
    method: "POST",
    path: "/jobs/{id}/resume",
    permission: "accounts.change",
    tag: "Jobs",
    summary: "Let a cancelled or failed job go on from where it stopped",
    params: jobId,
    answer: job,
    status: 202,
    changes: true,
    etag: "required",
  }),
  listSessions: route({
    method: "GET",
    path: "/sessions",
    permission: "sessions.read",
    tag: "Sessions",
    summary: "Who is connected now",
    query: z.strictObject({
      ...sessionFilter,
      after: z.string().max(LONGEST_NAME).optional().describe("as `next` of the part before has it"),
      limit: limitOf(100),
    }),
    answer: pageOf(session),
  }),
  endSessions: route({
    method: "POST",
    path: "/sessions/end",
    permission: "sessions.end",
    tag: "Sessions",
    summary: "End the sessions that match; whoever is allowed can sign in again at once",
    description:
      "It takes no If-Match: what is open changes by itself. Name a filter, one session by `pid` and `username`, or all.",
    body: z.strictObject({
      ...sessionFilter,
      pid: z.int().positive().optional().describe("one session, together with its username"),
      username: z.string().max(LONGEST_NAME).optional(),
      all: z.boolean().default(false).describe("every session of every protocol, without a filter"),
      dryRun: z.boolean().default(false).describe("only say how many"),
    }),
    answer: sessionsEnded,
    changes: true,
  }),
};
