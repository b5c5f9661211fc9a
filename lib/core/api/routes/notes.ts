import { z } from "zod";
import { accountName } from "../../access/form-schemas";
import { noteText, noteTicket } from "../../notes/fields";
import { MOST_NOTES } from "../../notes/note";
import { note, notes } from "../answers/notes";
import { route } from "../route";
import { domainSubject } from "./domains";

const tag = "Notes";
const address = { address: accountName.describe("percent-encoded") };
const domain = { domain: domainSubject.describe('percent-encoded; "@" for accounts without one') };
const id = { id: z.coerce.number().int().positive() };
const body = z.strictObject({
  text: noteText,
  ticket: noteTicket.describe("of a ticket elsewhere"),
});
const withdrawn =
  "What it said is the answer, and stays in the audit. Only its author and administrators may.";

export const noteRoutes = {
  listAccountNotes: route({
    method: "GET",
    path: "/accounts/{address}/notes",
    permission: "accounts.read",
    tag,
    summary: `Notes beside an account, newest first; ${MOST_NOTES} at most`,
    params: z.strictObject(address),
    answer: notes,
  }),
  addAccountNote: route({
    method: "POST",
    path: "/accounts/{address}/notes",
    permission: "accounts.annotate",
    tag,
    summary: "Write a note beside an account; changes no rule",
    params: z.strictObject(address),
    body,
    answer: note,
    changes: true,
  }),
  withdrawAccountNote: route({
    method: "DELETE",
    path: "/accounts/{address}/notes/{id}",
    permission: "accounts.annotate",
    tag,
    summary: "Withdraw a note",
    description: withdrawn,
    params: z.strictObject({ ...address, ...id }),
    answer: note,
    changes: true,
  }),
  listDomainNotes: route({
    method: "GET",
    path: "/domains/{domain}/notes",
    permission: "accounts.read",
    tag,
    summary: `Notes beside a domain itself, newest first; ${MOST_NOTES} at most`,
    params: z.strictObject(domain),
    answer: notes,
  }),
  addDomainNote: route({
    method: "POST",
    path: "/domains/{domain}/notes",
    permission: "accounts.annotate",
    tag,
    summary: "Write a note beside a domain; changes no rule",
    params: z.strictObject(domain),
    body,
    answer: note,
    changes: true,
  }),
  withdrawDomainNote: route({
    method: "DELETE",
    path: "/domains/{domain}/notes/{id}",
    permission: "accounts.annotate",
    tag,
    summary: "Withdraw a note of a domain",
    description: withdrawn,
    params: z.strictObject({ ...domain, ...id }),
    answer: note,
    changes: true,
  }),
};
