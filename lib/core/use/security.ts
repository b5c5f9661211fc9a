import type { SignIn } from "./sign-in-line";

/** How a connection was kept from being read on the way. `encrypted`: by TLS, and it isn't known from when on. */
export const SECURITIES = ["tls", "starttls", "encrypted", "local", "cleartext"] as const;
export type Security = (typeof SECURITIES)[number];

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
