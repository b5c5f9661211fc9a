import { randomUUID } from "node:crypto";
import type { Protocol } from "@/lib/core/access/rules";
import { MachineFailure } from "@/lib/core/apply/ports";
import { parseLookups, type SeenLogin } from "@/lib/core/dovecot/auth-lookup";
import { MOST_ADDRESSES } from "@/lib/core/helper/requests";
import { askHelper } from "../helper/client";
import { type DovecotInstance, runDovecot } from "./instance";

const TIMEOUT_MS = 30_000;
/** Names a call: one call is 10–50 ms, whatever it asks; a command line may be 128 kB long. */
const BATCH = MOST_ADDRESSES;

/**
 * Asks the daemon itself what a login of each account would be answered, without a password. The session makes each
 * question a new one: without it an auth cache answers (2.3.19.1 and 2.4.1).
 * @throws MachineFailure when the daemon can't be asked.
 */
export async function lookUpLogins(
  instance: DovecotInstance,
  protocol: Protocol,
  addresses: readonly string[],
): Promise<Map<string, SeenLogin>> {
  const seen = new Map<string, SeenLogin>();
  for (let start = 0; start < addresses.length; start += BATCH) {
    const batch = addresses.slice(start, start + BATCH);
    if (instance.helper) {
      const told = await askHelper(instance.helper, { ask: "lookup", protocol, addresses: batch });
      for (const [address, login] of told) seen.set(address, login);
      continue;
    }
    const session = randomUUID().replaceAll("-", "").slice(0, 16);
    const args = [
      "-c",
      instance.configFile,
      "auth",
      "lookup",
      "-x",
      `service=${protocol}`,
      "-x",
      `session=${session}`,
    ];
    const ran = await runDovecot(instance, "doveadm", [...args, "--", ...batch], TIMEOUT_MS);
    const found = parseLookups(ran.stdout, ran.stderr);
    if (found.size === 0)
      throw new MachineFailure(
        `The daemon can't be asked about logins: ${lastLine(ran.stderr) || `exit code ${ran.exitCode}`}.`,
      );
    for (const address of batch) seen.set(address, found.get(address) ?? { state: "unknown", user: null });
  }
  return seen;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
