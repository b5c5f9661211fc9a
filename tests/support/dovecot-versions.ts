import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
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

/** Where `npm test` had to unpack the machine's own release, because the system's is incomplete. */
const OWN_RELEASE = process.env.PORTCULLIS_TEST_DOVECOT ?? "";

/** Both, always, unless a drill asks for one: what can't run here is skipped by each test with this reason. */
export const DOVECOTS: readonly AvailableDovecot[] = [
  available("2.3", OWN_RELEASE, "Dovecot is not installed"),
  available("2.4", DEBIAN_13, "Debian 13's Dovecot could not be fetched (npm run dovecot:2.4 says why)"),
].filter(({ family }) => (process.env.PORTCULLIS_TEST_FAMILY ?? family) === family);

function available(family: Family, root: string, missing: string): AvailableDovecot {
  return existsSync(`${root}/usr/sbin/dovecot`) ? { family, root } : { family, root, missing };
}

/** A copy of an unpacked release, for a server of its own. Node's own way of copying takes twelve times as long. */
export async function copyRelease(from: string, to: string): Promise<void> {
  await promisify(execFile)("cp", ["-a", "--reflink=auto", from, to]);
}
