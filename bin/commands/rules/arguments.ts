import { userInfo } from "node:os";
import type { WantedState } from "@/lib/core/access/edits";
import { parseAddress } from "@/lib/core/access/name";
import { isProtocol, PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { EVERYBODY, parseSubject, type Subject } from "@/lib/core/access/subject";
import type { Actor } from "@/lib/server/mailserver/revisions";
import { readUntil } from "@/lib/server/read-until";
import { UsageError } from "../output";

export function accountSubjectOf(text: string): Subject {
  const address = parseAddress(text);
  if (!address.ok) throw new UsageError(address.message);
  return address.name;
}

/** A domain with or without an "@" before it, "@" alone for accounts without one, or "*" for everybody. */
export function domainSubjectOf(text: string): Subject {
  const subject = parseSubject(text === EVERYBODY || text.startsWith("@") ? text : `@${text}`);
  if (!subject.ok) throw new UsageError(subject.message);
  if (text === "") throw new UsageError("Enter the domain.");
  return subject.name;
}

/** `pop3=deny imap=inherit`; at least one, none twice. */
export function readAssignments(words: readonly string[]): { protocol: Protocol; state: WantedState }[] {
  if (words.length === 0) throw new UsageError("Say what is to be set, for instance pop3=deny.");
  const wanted = words.map((word) => {
    const [protocol = "", state = "", ...rest] = word.split("=");
    if (!isProtocol(protocol) || rest.length > 0)
      throw new UsageError(
        `${JSON.stringify(word)} is not of the form pop3=deny. Protocols: ${PROTOCOLS.join(", ")}.`,
      );
    return { protocol, state: readState(state, protocol) };
  });
  const twice = wanted.find(
    ({ protocol }, index) => wanted.findIndex((one) => one.protocol === protocol) !== index,
  );
  if (twice) throw new UsageError(`${twice.protocol} is set twice.`);
  return wanted;
}

export function readState(text: string, what: string): WantedState {
  if (text === "allow" || text === "deny" || text === "inherit") return text;
  throw new UsageError(`${what} must be allow, deny or inherit, not ${JSON.stringify(text)}.`);
}

/** Null where no end is named. */
export function readEnd(text: string | undefined): number | null {
  if (text === undefined) return null;
  const read = readUntil(text);
  if (!read.ok) throw new UsageError(`--until: ${read.message}`);
  return read.until;
}

export function readNumber(text: string, what: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`${what} takes a number from 1, not ${JSON.stringify(text)}.`);
  return Number(text);
}

/**
 * Whoever runs the command, as the system knows him; behind it who he was before sudo, and where ssh says that he came from.
 * Those two are what his own environment says.
 */
export function shellActor(): Actor {
  const { SUDO_USER: sudoer, SSH_CONNECTION: ssh } = process.env;
  return {
    name: nameOfUser(),
    origin: "cli",
    from: ssh?.split(" ")[0],
    via: sudoer ? `sudo by ${sudoer}` : undefined,
  };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id that no name belongs to, as in some containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
