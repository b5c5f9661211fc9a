import type { NoteView } from "@/lib/core/notes/note";
import { type NoteAction, NoteForm } from "./note-form";
import { NoteList } from "./note-list";

interface NotesProps {
  /** An address or `@domain`, and how people call it. */
  subject: string;
  name: string;
  notes: readonly NoteView[];
  mayAdd: boolean;
  add: NoteAction;
  withdraw: NoteAction;
  now: string;
}

/** What people wrote beside an account or a domain, and a form to write more. */
export function Notes({ subject, name, notes, mayAdd, add, withdraw, now }: NotesProps) {
  return (
    <section aria-labelledby="notes" className="space-y-3">
      <h2 id="notes">Notes</h2>
      <NoteList notes={notes} withdraw={withdraw} now={now} />
      {mayAdd ? <NoteForm subject={subject} name={name} action={add} /> : null}
    </section>
  );
}
