import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Family } from "@/lib/core/dovecot/version";

/** A Dovecot that tests can run: the machine's own, or Debian 13's unpacked beside it. */
export interface AvailableDovecot {
  family: Family;
  /** "" for the machine's own. */
  root: string;
  /** Why it can't be run here. */
  missing?: string;
}

const DEBIAN_13 = fileURLToPath(new URL("../../.cache/dovecot-2.4", import.meta.url));

/** Both, always: what can't run here is skipped by each test with this reason. */
export const DOVECOTS: readonly AvailableDovecot[] = [
  existsSync("/usr/sbin/dovecot")
    ? { family: "2.3", root: "" }
    : { family: "2.3", root: "", missing: "Dovecot is not installed" },
  existsSync(`${DEBIAN_13}/usr/sbin/dovecot`)
    ? { family: "2.4", root: DEBIAN_13 }
    : {
        family: "2.4",
        root: DEBIAN_13,
        missing: "Debian 13's Dovecot could not be fetched (npm run dovecot:2.4 says why)",
      },
];
