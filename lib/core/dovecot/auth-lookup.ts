/** What the daemon would answer to a right password. `unknown`: it could not say (a failing passdb, a missing map). */
export interface SeenLogin {
  state: "allow" | "deny" | "no-such-user" | "unknown";
  /** The name that the login would come to: another one where a passdb renames users. */
  user: string | null;
}

/**
 * Reads the answers of `doveadm auth lookup`: a block of fields for each user that is there, and a line for each that
 * isn't or that could not be looked up.
 */
export function parseLookups(stdout: string, stderr: string): Map<string, SeenLogin> {
  const seen = new Map<string, SeenLogin>();
  let fields: Map<string, string> | undefined;
  let name = "";
  const close = () => {
    if (!fields) return;
    seen.set(name, { state: fields.has("nologin") ? "deny" : "allow", user: fields.get("user") ?? null });
    fields = undefined;
  };
  for (const line of [...stdout.split("\n"), "", ...stderr.split("\n")]) {
    const begin = /^passdb: (.*)$/.exec(line);
    const missing = /passdb lookup: user (.*) doesn't exist$/.exec(line);
    const failed = /passdb lookup failed for (.*)$/.exec(line);
    const field = /^ {2}(\S+)\s*:\s?(.*)$/.exec(line);
    if (begin) {
      close();
      name = begin[1] ?? "";
      fields = new Map();
    } else if (field && fields) fields.set(field[1] ?? "", field[2] ?? "");
    else close();
    if (missing) seen.set(missing[1] ?? "", { state: "no-such-user", user: null });
    if (failed) seen.set(failed[1]?.replace(/:.*/, "") ?? "", { state: "unknown", user: null });
  }
  return seen;
}
