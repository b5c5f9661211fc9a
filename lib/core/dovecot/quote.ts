/**
 * The one door through which a name or a value enters a generated file. What can't be written so that
 * Dovecot reads exactly it back is refused here, whoever the caller is.
 *
 * Inside double quotes both Dovecot 2.3 and 2.4 take everything literally but `\` and `"`
 * (measured with `doveconf -h` on 2.3.19.1 and 2.4.1: `$`, `%`, `<`, `#`, `{`, spaces and non-ASCII come back).
 */
export class RefusedText extends Error {
  override readonly name = "RefusedText";
}

const BARE_VALUE = /^[A-Za-z0-9][A-Za-z0-9_./:@+-]*$/;
const BLOCK_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,107}$/;
const SETTING_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const LIST_MEMBER = /^[a-z][a-z0-9_-]{0,63}$/;
// A control character can end a line or hide what follows it in a terminal; no Dovecot setting needs one.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** Dovecot reads lines of any length; a longer value is a mistake. In characters. */
const LONGEST_VALUE = 8192;

export function quoteValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RefusedText(`${value} is not a whole number that Dovecot can read.`);
    }
    return String(value);
  }
  if (CONTROL.test(value))
    throw new RefusedText("Line breaks and control characters can't be written to a configuration file.");
  if (LONE_SURROGATE.test(value))
    throw new RefusedText("The text holds half of a character and can't be written as UTF-8.");
  if (value.length > LONGEST_VALUE)
    throw new RefusedText(`The text is longer than ${LONGEST_VALUE} characters.`);
  if (BARE_VALUE.test(value)) return value;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The name of a block, such as `pop3-login` in `service pop3-login { … }`. */
export function blockName(name: string): string {
  return matching(name, BLOCK_NAME, "the name of a block");
}

export function settingName(name: string): string {
  return matching(name, SETTING_NAME, "the name of a setting");
}

/** A member of a list such as `protocols`, where Dovecot splits at spaces and knows no quotes. */
export function listMember(name: string): string {
  return matching(name, LIST_MEMBER, "a name in a list");
}

function matching(name: string, pattern: RegExp, what: string): string {
  if (!pattern.test(name)) {
    throw new RefusedText(
      `${JSON.stringify(name.slice(0, 80))} can't be ${what} in a Dovecot configuration.`,
    );
  }
  return name;
}
