/** A path that can stand unquoted behind a prefix; Dovecot would split or expand anything else. */
export function isPlainPath(path: string): boolean {
  return /^\/[A-Za-z0-9_./-]+$/.test(path);
}
