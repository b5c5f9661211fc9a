import type { NoteView } from "@/lib/core/notes/note";
import { type NoteAction, NoteForm } from "./note-form";
import { NoteList } from "./note-list";

interface NotesProps {
  /** An address or `@domain`, and how people call it. */
  subject: string;
  name: string;
  notes: readonly NoteView[];
  /** Null where none can be written. */
  longest: { text: number; ticket: number } | null;
  add: NoteAction;
  withdraw: NoteAction;
  now: string;
}

/** What people wrote beside an account or a domain, and a form to write more. */
export function Notes({ subject, name, notes, longest, add, withdraw, now }: NotesProps) {
  return (
    <section aria-labelledby="notes" className="space-y-3">
      <h2 id="notes">Notes</h2>
      <NoteList notes={notes} withdraw={withdraw} now={now} />
      {longest ? <NoteForm subject={subject} name={name} longest={longest} action={add} /> : null}
    </section>
  );
}
