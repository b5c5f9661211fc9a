import { z } from "zod";
import type { WantedState } from "./edits";
import { type Named, parseAddress, parseDomain } from "./name";
import { isProtocol, PROTOCOLS, type Protocol, RANKS } from "./rules";
import { parseSubject } from "./subject";
import type { UntilRead } from "./until";

/** Longest reason and ticket, in UTF-16 units. */
const LONGEST = { reason: 500, ticket: 100 };

const states = z.enum(["allow", "deny", "inherit"]);

/** The key of an account, a domain or everybody, folded. */
export const subjectField = named(parseSubject);

export const protocolField = z.enum(PROTOCOLS);
export const stateField = states;
export const suspendableField = z.enum([...PROTOCOLS, "all"]);
export const rankField = z.enum(RANKS);

export const reasonField = z
  .string()
  .trim()
  .max(LONGEST.reason, `Keep the reason under ${LONGEST.reason} characters.`)
  .default("");

export const ticketField = z
  .string()
  .trim()
  .max(LONGEST.ticket, `Keep the ticket under ${LONGEST.ticket} characters.`)
  .default("");

/** An end in Unix seconds; null where none was given. `read` knows the time and the zone. */
export function untilField(read: (text: string) => UntilRead) {
  return z
    .string()
    .trim()
    .default("")
    .transform((text, context) => {
      if (text === "") return null;
      const until = read(text);
      if (until.ok) return until.until;
      context.addIssue({ code: "custom", message: until.message });
      return z.NEVER;
    });
}

export interface Switch {
  protocol: Protocol;
  state: WantedState;
  /** What the person saw of the rule. */
  seen: WantedState;
  subject: string;
}

/** A switch in a row, in the one value that a button can have: `pop3 deny inherit anna@site.example`. */
export const switchField = z.string().transform((text, context): Switch => {
  const [protocol = "", state, seen, ...rest] = text.split(" ");
  const subject = parseSubject(rest.join(" "));
  const [wanted, saw] = [states.safeParse(state), states.safeParse(seen)];
  if (isProtocol(protocol) && wanted.success && saw.success && subject.ok)
    return { protocol, state: wanted.data, seen: saw.data, subject: subject.name };
  context.addIssue({ code: "custom", message: "The page is damaged or old. Load it again." });
  return z.NEVER;
});

/** An account's address, folded. */
export const accountName = named(parseAddress);
/** A domain's name, folded; "@" where accounts have none, which is the name "". */
export const domainName = z
  .literal("@")
  .transform(() => "")
  .or(named(parseDomain));

function named(parse: (text: string) => Named) {
  return z.string().transform((text, context) => {
    const read = parse(text);
    if (read.ok) return read.name;
    context.addIssue({ code: "custom", message: read.message });
    return z.NEVER;
  });
}
