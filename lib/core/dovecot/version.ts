/** The two configuration languages that Portcullis writes. Dovecot 2.4 reads no 2.3 file and vice versa. */
export const FAMILIES = ["2.3", "2.4"] as const;
export type Family = (typeof FAMILIES)[number];

export type DetectedVersion =
  | { supported: true; version: string; family: Family }
  | { supported: false; version: string; sentence: string };

/**
 * Reads the answer of `dovecot --version`, for instance `2.3.19.1 (9b53102964)` or `2.4.1-4 (7d8c0e5759)`.
 * Anything but 2.3 and 2.4 is refused: a file in the wrong language stops mail.
 */
export function detectVersion(answer: string): DetectedVersion {
  const version = answer.trim().split(/\s+/)[0] ?? "";
  const family = FAMILIES.find((known) => version === known || version.startsWith(`${known}.`));
  if (family) return { supported: true, version, family };
  return {
    supported: false,
    version,
    sentence: version
      ? `This is Dovecot ${version}. Portcullis writes configuration for Dovecot 2.3 and 2.4 only, so it changes nothing here.`
      : "The installed Dovecot did not say which version it is, so Portcullis changes nothing here.",
  };
}
