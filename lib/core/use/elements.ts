import type { Family } from "../dovecot/version";

interface Element {
  /** How it begins in a line: what is read there. */
  begins: string;
  word: Readonly<Record<Family, string>>;
}

/** What use is told from. The first four are among Dovecot's own; sites leave them out. */
const USER: Element = { begins: "user=<", word: { "2.3": "user=<%u>", "2.4": "user=<%{user}>" } };
const REMOTE: Element = { begins: "rip=", word: { "2.3": "rip=%r", "2.4": "rip=%{remote_ip}" } };
/** By which an open session is known later. */
const PROCESS: Element = { begins: "mpid=", word: { "2.3": "mpid=%e", "2.4": "mpid=%{mail_pid}" } };
const SECURED: Readonly<Record<Family, string>> = { "2.3": "%c", "2.4": "%{secured}" };
const SESSION: Element = {
  begins: "session=<",
  word: { "2.3": "session=<%{session}>", "2.4": "session=<%{session}>" },
};
/** Ours: TLS from the first byte is told from STARTTLS by the port. Empty ones are left out of a line. */
const OURS: readonly Element[] = [
  { begins: "lport=", word: { "2.3": "lport=%a", "2.4": "lport=%{local_port}" } },
  { begins: "tls=", word: { "2.3": "tls=%k", "2.4": "tls=%{ssl_security}" } },
];

/** Dovecot's own `login_log_format_elements` (doveconf -d, 2.3.19.1 and 2.4.1). */
const USUAL_ELEMENTS: Readonly<Record<Family, string>> = {
  "2.3": "user=<%u> method=%m rip=%r lip=%l mpid=%e %c session=<%{session}>",
  "2.4":
    "user=<%{user}> method=%{mechanism} rip=%{remote_ip} lip=%{local_ip} mpid=%{mail_pid} %{secured} session=<%{session}>",
};

/**
 * The site's own elements and what is missing among them. It goes before the session, which many a filter of log lines
 * expects at the end and by which it is known where a name ends; what others read stays where it is.
 */
export function withSignInFacts(found: string, family: Family): string {
  const words = wordsOf(found, family);
  const user = words.findIndex((word) => word.startsWith(USER.begins));
  // What stands before the name may hold the name as well, and then anything: only what follows it counts.
  const after = user < 0 ? [] : words.slice(user);
  const missing = [
    ...(user < 0 ? [USER.word[family]] : []),
    ...[REMOTE, PROCESS].filter((element) => !has(after, element)).map(({ word }) => word[family]),
    ...(after.includes(SECURED[family]) ? [] : [SECURED[family]]),
    ...OURS.filter((element) => !has(after, element)).map(({ word }) => word[family]),
  ];
  const session = words.findLastIndex((word, at) => at > user && word.startsWith(SESSION.begins));
  return session < 0
    ? [...words, ...missing, SESSION.word[family]].join(" ")
    : words.toSpliced(session, 0, ...missing).join(" ");
}

/** The site's own elements with none of those that are ours. */
export function withoutOurs(found: string, family: Family): string {
  return wordsOf(found, family)
    .filter((word) => !OURS.some(({ begins }) => word.startsWith(begins)))
    .join(" ");
}

export function hasSignInFacts(elements: string, family: Family): boolean {
  return withSignInFacts(elements, family) === wordsOf(elements, family).join(" ");
}

function has(words: readonly string[], { begins }: Element): boolean {
  return words.some((word) => word.startsWith(begins));
}

function wordsOf(elements: string, family: Family): string[] {
  return (elements.trim() || USUAL_ELEMENTS[family]).split(/\s+/);
}
