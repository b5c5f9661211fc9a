import { z } from "zod";
import { bulkActSchema } from "../../access/bulk";
import { accountFilterSchema, SORTS } from "../../access/filter";
import { accountName, reasonField, ticketField } from "../../access/form-schemas";
import { PROTOCOLS, RANKS } from "../../access/rules";
import { account, accountChanged, accountShown, accountUse, bulkPreview } from "../answers/accounts";
import { job } from "../answers/jobs";
import { limitOf, pageOf, route } from "../route";
import { LONGEST_NAME, protocolOrAll, reason, resumeBody, setBody, suspendBody, until } from "./fields";

const address = z.strictObject({ address: accountName.describe("percent-encoded") });
const tag = "Accounts";

const [policyAct] = bulkActSchema.options;

/** As bulkActSchema, with an end as it is typed and without a rank: that is the token's. */
const act = z.discriminatedUnion("kind", [
  z.strictObject({ ...policyAct.shape, until }),
  z.strictObject({
    kind: z.literal("suspend"),
    protocol: protocolOrAll,
    reason: reasonField.refine((text) => text !== "", "Say why."),
    ticket: ticketField,
    until,
    mayResume: z.enum(RANKS).optional(),
  }),
  z.strictObject({ kind: z.literal("resume"), protocol: protocolOrAll }),
]);

/** So many by name. */
const MOST_NAMED = 10_000;

const bulkBody = z.strictObject({
  target: z.union([
    z.strictObject({ addresses: z.array(accountName).min(1).max(MOST_NAMED) }),
    z.strictObject({ filter: z.strictObject(accountFilterSchema.shape) }),
  ]),
  act,
});

export const accountRoutes = {
  listAccounts: route({
    method: "GET",
    path: "/accounts",
    permission: "accounts.read",
    tag,
    summary: "Accounts that the filters take, with what is effective for each",
    query: z.strictObject({
      ...accountFilterSchema.shape,
      sort: z.enum(SORTS).default("domain"),
      after: accountName.optional().describe("only what comes after this account"),
      limit: limitOf(100),
    }),
    answer: pageOf(account),
  }),
  showAccount: route({
    method: "GET",
    path: "/accounts/{address}",
    permission: "accounts.read",
    tag,
    summary: "One account: what is effective, because of what, and its history",
    description: "The ETag stands for the account's own rules.",
    params: address,
    query: z.strictObject({
      proof: z
        .enum(["ask", "last"])
        .default("last")
        .describe("ask Dovecot now, or tell what it answered last"),
    }),
    answer: accountShown,
    etag: "answers",
  }),
  setAccount: route({
    method: "PATCH",
    path: "/accounts/{address}",
    permission: "accounts.change",
    tag,
    summary: "Set its own policies, as one change",
    description:
      "Of an account that no listing has named yet the rule stands before it does; then no If-Match is needed.",
    params: address,
    body: setBody,
    answer: accountChanged,
    changes: true,
    etag: "required",
  }),
  suspendAccount: route({
    method: "POST",
    path: "/accounts/{address}/suspend",
    permission: "accounts.change",
    tag,
    summary: "Block its sign-ins above every policy",
    params: address,
    body: suspendBody,
    answer: accountChanged,
    changes: true,
    etag: "required",
  }),
  resumeAccount: route({
    method: "POST",
    path: "/accounts/{address}/resume",
    permission: "accounts.change",
    tag,
    summary: "Lift its own suspensions; policies are then as they were",
    params: address,
    body: resumeBody,
    answer: accountChanged,
    changes: true,
    etag: "required",
  }),
  showAccountUse: route({
    method: "GET",
    path: "/accounts/{address}/use",
    permission: "accounts.read",
    tag: "Evidence",
    summary: "When and from where it was seen to sign in",
    params: address,
    answer: accountUse,
  }),
  previewBulk: route({
    method: "POST",
    path: "/accounts/bulk/preview",
    permission: "accounts.read",
    tag,
    summary: "What an act upon many would do; changes nothing",
    body: bulkBody,
    answer: bulkPreview,
  }),
  startBulk: route({
    method: "POST",
    path: "/accounts/bulk",
    permission: "accounts.change",
    tag,
    summary: "One act upon many accounts, as a job",
    description: "It is one change, which can be taken back as one. The Location is the job's.",
    body: bulkBody.extend({ reason }),
    answer: job,
    status: 202,
    changes: true,
  }),
};

export const impactQuery = z.strictObject({
  protocol: z.enum(PROTOCOLS),
  domain: z.string().max(LONGEST_NAME).optional().describe('"@" for accounts without one'),
  address: accountName.optional(),
});
