import { Ban } from "lucide-react";
import type { SuspensionView } from "@/lib/core/access/views";

const WHOSE = { account: "", domain: " (its domain)", server: " (everybody)" } as const;

export function suspendedWords({ protocol, level }: Pick<SuspensionView, "protocol" | "level">): string {
  return `${protocol === "all" ? "IMAP and POP3" : protocol.toUpperCase()}${WHOSE[level]}`;
}

/** That something is suspended, in a word and an icon. */
export function SuspensionMark({ suspension }: { suspension: Pick<SuspensionView, "protocol" | "level"> }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Ban className="size-4 shrink-0 text-bad" aria-hidden="true" />
      {suspendedWords(suspension)}
    </span>
  );
}
