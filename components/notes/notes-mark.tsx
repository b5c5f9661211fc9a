import type { NotesMark as Mark } from "@/lib/core/notes/note";

/** In a row: that there are notes, the newest one's ticket, and its beginning where the pointer rests. */
export function NotesMark({ notes: { count, text, ticket } }: { notes: Mark }) {
  return (
    <small className="cut" title={text}>
      {count === 1 ? "1 note" : `${count} notes`}
      {ticket === "" ? "" : `, ticket ${ticket}`}
    </small>
  );
}
