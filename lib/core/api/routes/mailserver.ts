import { z } from "zod";
import { ORIGINS, OUTCOMES } from "../../settings/history-query";
import {
  mailserver,
  plan,
  revision,
  revisionShown,
  settingsApplied,
  settingsUndone,
} from "../answers/mailserver";
import { settingsValues } from "../answers/settings";
import { limitOf, pageOf, route } from "../route";
import { LONGEST_NAME } from "./fields";

const tag = "Mailserver Configuration";
const settings = settingsValues.describe("keys and new values; what isn't named stays as it is");
const number = z.strictObject({ number: z.coerce.number().int().positive() });

const confirmations = {
  reason: z.string().trim().default("").describe("why; stays in the history"),
  authenticationOnly: z
    .boolean()
    .default(false)
    .describe("nobody shall read mail: imap and pop3 end up both off"),
  acceptWarnings: z.boolean().default(false).describe("what is weak but legal"),
  replaceEdited: z
    .boolean()
    .default(false)
    .describe("replace the generated file although it was edited by hand"),
  duringFreeze: z.boolean().default(false).describe("reload although a freeze window stands"),
  keepWithin: z
    .int()
    .min(10)
    .max(3600)
    .optional()
    .describe("go back by itself unless somebody says within so many seconds that mail still works"),
};

export const mailserverRoutes = {
  getMailserver: route({
    method: "GET",
    path: "/mailserver",
    permission: "mailserver.read",
    tag,
    summary: "The wanted settings; null is as the server's own files have it",
    description: "The ETag stands for the revision.",
    answer: mailserver,
    etag: "answers",
  }),
  planMailserver: route({
    method: "POST",
    path: "/mailserver/plan",
    permission: "mailserver.read",
    tag,
    summary: "What a change would do, and to whom; changes nothing",
    body: z.strictObject({ settings }),
    answer: plan,
  }),
  setMailserver: route({
    method: "PATCH",
    path: "/mailserver",
    permission: "mailserver.change",
    tag,
    summary: "Check, save as one revision, apply and confirm",
    description:
      "The answer comes when it is in force and seen; a change that isn't is a problem with `result`.",
    body: z.strictObject({ settings, ...confirmations }),
    answer: settingsApplied,
    changes: true,
    etag: "required",
  }),
  listRevisions: route({
    method: "GET",
    path: "/mailserver/history",
    permission: "mailserver.read",
    tag,
    summary: "The revisions of the settings, newest first",
    query: z.strictObject({
      q: z.string().trim().max(200).default("").describe("in its sentences, reason or author"),
      author: z.string().trim().max(LONGEST_NAME).optional(),
      origin: z.enum(ORIGINS).optional(),
      outcome: z.enum(OUTCOMES).optional(),
      after: z.coerce
        .number()
        .int()
        .positive()
        .optional()
        .describe("only what comes after this one: older ones"),
      limit: limitOf(25),
    }),
    answer: pageOf(revision),
  }),
  showRevision: route({
    method: "GET",
    path: "/mailserver/history/{number}",
    permission: "mailserver.read",
    tag,
    summary: "One revision: its settings, and what it changed",
    params: number,
    answer: revisionShown,
  }),
  undoRevision: route({
    method: "POST",
    path: "/mailserver/history/{number}/undo",
    permission: "mailserver.change",
    tag,
    summary: "Take a revision back by a new one: only the settings that it changed",
    description: "If-Match is the ETag of /mailserver.",
    params: number,
    body: z.strictObject({
      conflicts: z
        .enum(["refuse", "leave", "overwrite"])
        .default("refuse")
        .describe("what becomes of settings that a later revision changed again"),
      ...confirmations,
    }),
    answer: settingsUndone,
    changes: true,
    etag: "required",
  }),
};
