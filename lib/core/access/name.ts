/**
 * Names as Dovecot compares them. Measured on 2.3.19.1 and 2.4.1: `%Lu` and `%{user | lower}` fold ASCII letters
 * only, the domain is what follows the first "@", and everything else counts byte by byte.
 */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What follows the first "@"; empty where there is none. */
export function domainOf(address: string): string {
  const at = address.indexOf("@");
  return at < 0 ? "" : address.slice(at + 1);
}

/** In bytes of UTF-8: 64 for the local part and 255 for the domain (RFC 5321, 4.5.3.1), and room for odd ones. */
const LONGEST_NAME = 512;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

export type Named = { ok: true; name: string } | { ok: false; message: string };

/** Reads an account's name, folded. Refuses what could stand for something else in the access map. */
export function parseAddress(text: string): Named {
  const name = foldName(text);
  const refused = refusal(name, "address");
  if (refused) return { ok: false, message: refused };
  if (name === "*" || name.startsWith("@"))
    return { ok: false, message: `${JSON.stringify(name)} can't be an account: it stands for a rule here.` };
  return { ok: true, name };
}

/** Reads a domain's name, folded. */
export function parseDomain(text: string): Named {
  const name = foldName(text);
  const refused = refusal(name, "domain");
  return refused ? { ok: false, message: refused } : { ok: true, name };
}

function refusal(name: string, what: string): string | undefined {
  if (name === "") return `Enter the ${what}.`;
  if (CONTROL.test(name) || LONE_SURROGATE.test(name))
    return `${JSON.stringify(name.slice(0, 80))} has a character that no ${what} can have.`;
  if (name !== name.trim()) return `The ${what} begins or ends with a space.`;
  if (new TextEncoder().encode(name).length > LONGEST_NAME)
    return `The ${what} is longer than ${LONGEST_NAME} bytes.`;
  return undefined;
}
