/**
 * Whether browsers reach the panel by HTTPS, as its public address says: then cookies are the host's own and secure, and browsers are
 * told to come by nothing else. What a request says of itself is not asked: anybody can write that.
 */
export function isServedByTls(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return /^https:/i.test(environment.PORTCULLIS_URL ?? "");
}

/** By TLS a browser takes such a cookie from this very host alone, and never from a page without TLS. */
export function cookieName(name: string): string {
  return isServedByTls() ? `__Host-${name}` : name;
}
