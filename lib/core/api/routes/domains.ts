import { z } from "zod";
import { foldName } from "../../access/name";
import { parseSubject } from "../../access/subject";
import { domain, domainChanged, domainShown } from "../answers/domains";
import { limitOf, pageOf, route } from "../route";
import { LONGEST_NAME, resumeBody, setBody, suspendBody } from "./fields";

/** The subject of a domain's rules; "@" for accounts without one, "*" for everybody without a rule. */
export const domainSubject = z.string().transform((text, context) => {
  const read = parseSubject(text === "*" || text.startsWith("@") ? text : `@${text}`);
  if (read.ok && text !== "") return read.name;
  context.addIssue({ code: "custom", message: read.ok ? "Name the domain." : read.message });
  return z.NEVER;
});

const params = z.strictObject({
  domain: domainSubject.describe(
    'percent-encoded; "@" for accounts without one, "*" for the server-wide default',
  ),
});
const tag = "Domains";
const state = z.enum(["allow", "deny"]).optional();

export const domainRoutes = {
  listDomains: route({
    method: "GET",
    path: "/domains",
    permission: "accounts.read",
    tag,
    summary: "Domains with accounts or rules",
    query: z.strictObject({
      q: z.string().trim().max(LONGEST_NAME).transform(foldName).default("").describe("any part of the name"),
      imap: state.describe("effective there"),
      pop3: state,
      rules: z.enum(["yes", "no"]).optional().describe("with a rule or suspension of its own"),
      after: z
        .string()
        .max(LONGEST_NAME)
        .transform(foldName)
        .optional()
        .describe("only what comes after this domain"),
      limit: limitOf(100),
    }),
    answer: pageOf(domain),
  }),
  showDomain: route({
    method: "GET",
    path: "/domains/{domain}",
    permission: "accounts.read",
    tag,
    summary: "One domain: what holds for an account there without a rule of its own",
    description: "The ETag stands for the domain's own rules.",
    params,
    query: z.strictObject({
      proof: z.enum(["ask", "last"]).default("last").describe("ask Dovecot about some of its accounts now"),
    }),
    answer: domainShown,
    etag: "answers",
  }),
  setDomain: route({
    method: "PATCH",
    path: "/domains/{domain}",
    permission: "accounts.change",
    tag,
    summary: "Set its policies, as one change",
    params,
    body: setBody,
    answer: domainChanged,
    changes: true,
    etag: "required",
  }),
  suspendDomain: route({
    method: "POST",
    path: "/domains/{domain}/suspend",
    permission: "accounts.change",
    tag,
    summary: "Block the sign-ins of all its accounts above every policy",
    params,
    body: suspendBody,
    answer: domainChanged,
    changes: true,
    etag: "required",
  }),
  resumeDomain: route({
    method: "POST",
    path: "/domains/{domain}/resume",
    permission: "accounts.change",
    tag,
    summary: "Lift its suspensions; policies are then as they were",
    params,
    body: resumeBody,
    answer: domainChanged,
    changes: true,
    etag: "required",
  }),
};
