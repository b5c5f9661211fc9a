"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { NoteView } from "@/lib/core/notes/note";
import { type NoteAction, noteComplaint } from "./note-form";

interface NoteListProps {
  notes: readonly NoteView[];
  withdraw: NoteAction;
  now: string;
}

export function NoteList({ notes, withdraw, now }: NoteListProps) {
  const [state, send, pending] = useActionState(withdraw, { status: "idle", at: 0 });
  return (
    <form action={send} aria-label="Withdraw a note">
      {notes.length === 0 ? (
        <p className="text-sm text-ink-soft">
          None yet. A note changes no rule; everybody who sees this page sees it.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {notes.map(({ id, text, ticket, actor, at, mayWithdraw }) => (
          <li key={id} className="space-y-1 py-2 text-sm">
            <p className="whitespace-pre-line wrap-anywhere">{text}</p>
            <p className="flex flex-wrap items-baseline gap-x-3 text-ink-soft">
              {ticket === "" ? null : <span className="wrap-anywhere">ticket {ticket}</span>}
              <span className="wrap-anywhere">
                by {actor}, <TimeAgo at={at} now={now} />
              </span>
              {mayWithdraw ? (
                <Button
                  look="quiet"
                  size="small"
                  name="id"
                  value={id}
                  disabled={pending}
                  aria-label={`Withdraw note ${id}`}
                >
                  Withdraw
                </Button>
              ) : null}
            </p>
          </li>
        ))}
      </ul>
      <p role="status" className="text-sm text-bad empty:hidden">
        {noteComplaint(state)}
      </p>
    </form>
  );
}
