import type { Subject } from "@/lib/core/access/subject";
import { addNote, listNotes, type NoteResult, withdrawNote } from "../../../notes/notes";
import type { Context, Handler } from "../context";
import { notFound, Problem } from "../problem";

type Asked = Pick<Context<"addAccountNote">, "node" | "bearer" | "actor">;
type Body = Context<"addAccountNote">["body"];

function authorOf({ bearer, actor }: Asked) {
  return { actor, id: bearer.ownerId, role: bearer.role };
}

function doneOf(result: NoteResult, what: string) {
  if (result.kind === "done") return { body: result.note };
  if (result.kind === "not-there") throw notFound(what);
  throw new Problem("not-allowed", result.sentence);
}

async function list({ node }: Asked, subject: Subject, what: string) {
  const items = await listNotes(node, subject);
  if (!items) throw notFound(what);
  return { body: { items } };
}

async function add(asked: Asked, subject: Subject, { text, ticket }: Body, what: string) {
  return doneOf(await addNote(asked.node, { subject, text, ticket }, authorOf(asked)), what);
}

async function withdraw(asked: Asked, subject: Subject, id: number) {
  return doneOf(await withdrawNote(asked.node, { id, subject }, authorOf(asked)), "such note");
}

const [ACCOUNT, DOMAIN] = ["such account", "such domain"];

export const noteHandlers = {
  listAccountNotes: {
    run: (context) => list(context, context.params.address, ACCOUNT),
  } satisfies Handler<"listAccountNotes">,
  addAccountNote: {
    run: (context) => add(context, context.params.address, context.body, ACCOUNT),
  } satisfies Handler<"addAccountNote">,
  withdrawAccountNote: {
    run: (context) => withdraw(context, context.params.address, context.params.id),
  } satisfies Handler<"withdrawAccountNote">,
  listDomainNotes: {
    run: (context) => list(context, context.params.domain, DOMAIN),
  } satisfies Handler<"listDomainNotes">,
  addDomainNote: {
    run: (context) => add(context, context.params.domain, context.body, DOMAIN),
  } satisfies Handler<"addDomainNote">,
  withdrawDomainNote: {
    run: (context) => withdraw(context, context.params.domain, context.params.id),
  } satisfies Handler<"withdrawDomainNote">,
};
