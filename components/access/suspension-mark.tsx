import type { SuspensionView } from "@/lib/core/access/views";

const WHOSE = { account: "", domain: " (its domain)", server: " (everybody)" } as const;

/** What is suspended, and by whose suspension. */
export function SuspensionMark({ suspension }: { suspension: Pick<SuspensionView, "protocol" | "level"> }) {
  const { protocol, level } = suspension;
  return (
    <span className="mark mark-suspended">
      {protocol === "all" ? "all" : protocol.toUpperCase()}
      {WHOSE[level]}
    </span>
  );
}
