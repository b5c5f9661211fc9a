import { Command } from "commander";
import type { ApiClient } from "@/lib/api-client/client";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import { noteText, noteTicket } from "@/lib/core/notes/fields";
import { LONGEST_NOTE, type NoteFacts, takesNotes } from "@/lib/core/notes/note";
import { openNode } from "@/lib/server/node";
import { addNote, listNotes, type NoteAuthor, type NoteResult, withdrawNote } from "@/lib/server/notes/notes";
import { EXIT, note, print, printJson, setExitCode, UsageError } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { readNumber, shellActor } from "./arguments";
import type { Noun } from "./noun";

export function notesCommand(noun: Noun): Command {
  return alsoRemote(
    new Command("notes")
      .description(`what people wrote beside the ${noun.word}, newest first`)
      .argument(`<${noun.argument}>`, noun.describe)
      .option("--json", "as JSON")
      .action(async (text: string, { json }: { json?: boolean }) => {
        const subject = subjectOf(noun, text);
        const api = remotePanel();
        const notes = api
          ? await remoteNotes(api, noun, subject)
          : await listNotes(await openNode(), subject);
        if (!notes) throw notThere(noun, subject);
        if (json) printJson(notes);
        else
          print(notes.length === 0 ? [`No note beside ${subjectLabel(subject)}.`] : notes.flatMap(linesOf));
      }),
  );
}

interface NoteOptions {
  text?: string;
  ticket: string;
  withdraw?: string;
  json?: boolean;
}

export function noteCommand(noun: Noun): Command {
  return alsoRemote(
    new Command("note")
      .description(`write a note beside the ${noun.word}, or withdraw one; changes no rule`)
      .argument(`<${noun.argument}>`, noun.describe)
      .option("--text <text>", `what is to be noted, up to ${LONGEST_NOTE.text} characters`)
      .option("--ticket <number>", "of a ticket elsewhere", "")
      .option("--withdraw <id>", "take this note away instead; the audit keeps what it said")
      .option("--json", "as JSON: the note")
      .action(async (name: string, options: NoteOptions) => {
        const subject = subjectOf(noun, name);
        const done = await doneFor(noun, subject, options);
        if (!done) return;
        if (options.json) printJson(done);
        else print(options.withdraw === undefined ? linesOf(done) : `Note ${done.id} was withdrawn.`);
      }),
  );
}

/** The note that was written or withdrawn; undefined where it was refused, which is told. */
async function doneFor(
  noun: Noun,
  subject: Subject,
  { text, ticket, withdraw }: NoteOptions,
): Promise<NoteFacts | undefined> {
  if ((text === undefined) === (withdraw === undefined))
    throw new UsageError("Say what is to be noted by --text, or which note goes by --withdraw.");
  const api = remotePanel();
  if (withdraw !== undefined) {
    const id = readNumber(withdraw, "--withdraw");
    if (api) return await withdrawRemotely(api, noun, subject, id);
    return told(await withdrawNote(await openNode(), { id, subject }, shellAuthor()), () => {
      throw new UsageError(`${subjectLabel(subject)} has no note ${id}.`);
    });
  }
  const body = { text: read(noteText, text, "--text"), ticket: read(noteTicket, ticket, "--ticket") };
  if (api) return await addRemotely(api, noun, subject, body);
  return told(await addNote(await openNode(), { subject, ...body }, shellAuthor()), () => {
    throw notThere(noun, subject);
  });
}

function told(result: NoteResult, onNotThere: () => never): NoteFacts | undefined {
  if (result.kind === "done") return result.note;
  if (result.kind === "not-there") return onNotThere();
  setExitCode(EXIT.refused);
  note(result.sentence);
  return undefined;
}

function read(field: typeof noteText | typeof noteTicket, value: unknown, option: string): string {
  const parsed = field.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${option}: ${parsed.error.issues[0]?.message ?? ""}`);
}

function subjectOf(noun: Noun, text: string): Subject {
  const subject = noun.subjectOf(text);
  if (!takesNotes(subject))
    throw new UsageError("Notes stand beside an account or a domain, not beside everybody.");
  return subject;
}

/** Whoever has the host may do everything on it. */
function shellAuthor(): NoteAuthor {
  return { actor: shellActor(), id: null, role: "administrator" };
}

function notThere({ word }: Noun, subject: Subject): UsageError {
  return new UsageError(
    `There is no ${word} ${subjectLabel(subject)}: no listing named it, and it has no rules.`,
  );
}

function linesOf({ id, text, ticket, actor, at }: NoteFacts): string[] {
  return [
    `${id}  ${at}  ${actor}${ticket === "" ? "" : `  ticket ${ticket}`}`,
    ...text.split("\n").map((line) => `    ${line}`),
  ];
}

async function remoteNotes(api: ApiClient, { word }: Noun, subject: Subject): Promise<NoteFacts[]> {
  const { body } =
    word === "account"
      ? await api.listAccountNotes({ params: { address: subject } })
      : await api.listDomainNotes({ params: { domain: subject } });
  return body.items;
}

async function addRemotely(
  api: ApiClient,
  { word }: Noun,
  subject: Subject,
  body: { text: string; ticket: string },
): Promise<NoteFacts> {
  const answer =
    word === "account"
      ? await api.addAccountNote({ params: { address: subject }, body })
      : await api.addDomainNote({ params: { domain: subject }, body });
  return answer.body;
}

async function withdrawRemotely(
  api: ApiClient,
  { word }: Noun,
  subject: Subject,
  id: number,
): Promise<NoteFacts> {
  const answer =
    word === "account"
      ? await api.withdrawAccountNote({ params: { address: subject, id } })
      : await api.withdrawDomainNote({ params: { domain: subject, id } });
  return answer.body;
}
