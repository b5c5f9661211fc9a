import type { SignIn } from "./sign-in-line";

/** How a connection was kept from being read on the way. `encrypted`: by TLS, and it isn't known from when on. */
export const SECURITIES = ["tls", "starttls", "encrypted", "local", "cleartext"] as const;
export type Security = (typeof SECURITIES)[number];

/** As Dovecot logs them; "unknown" stands for a sign-in by TLS of which none was logged. */
export const TLS_VERSIONS = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "unknown"] as const;

/** `tlsPorts`: those that speak TLS from the first byte. */
export function securityOf(
  { connection, port }: Pick<SignIn, "connection" | "port">,
  tlsPorts: ReadonlySet<number>,
): Security {
  if (connection === "secured") return "local";
  if (connection === "plain") return "cleartext";
  if (port === undefined) return "encrypted";
  return tlsPorts.has(port) ? "tls" : "starttls";
}
