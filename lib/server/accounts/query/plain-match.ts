import type { AccountFilter } from "@/lib/core/access/filter";
import type { Base } from "./context";

/**
 * Whether the rules' part of a filter takes an account that has no rule of its own. Where it doesn't, only accounts with
 * one, and those of special domains, need looking at: few, where all accounts are many.
 */
export function takesPlain(filter: AccountFilter, base: Base): boolean {
  const suspended = base.blocked.imap || base.blocked.pop3;
  return (
    (filter.imap ?? base.imap) === base.imap &&
    (filter.pop3 ?? base.pop3) === base.pop3 &&
    (filter.override ?? "none") === "none" &&
    (filter.suspended ?? (suspended ? "yes" : "no")) === (suspended ? "yes" : "no") &&
    filter.differs === undefined &&
    filter.ending === undefined
  );
}
