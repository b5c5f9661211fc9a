import { createInterface } from "node:readline";
import { askHelper } from "../helper/client";
import { type DovecotInstance, spawnDovecot } from "./instance";

/** A listing that says nothing for so long hangs; a million names take some seconds. */
const SILENCE_MS = 60_000;

/** How a listing ended. Only a complete one says who isn't there any more. */
export interface ListingEnd {
  complete: boolean;
  /** Why it isn't complete; empty when it is. */
  trouble: string;
}

/**
 * Asks the daemon for all its users (`doveadm user '*'`) and hands the names over in batches, each waited for. A failure
 * comes after a part of the names has been given (2.4.1 does that, with exit code 75).
 */
export async function listUsers(
  instance: DovecotInstance,
  batchSize: number,
  take: (names: readonly string[]) => Promise<void>,
): Promise<ListingEnd> {
  if (instance.helper) return await askHelper(instance.helper, { ask: "users" }, { onNames: take });
  const child = spawnDovecot(instance, "doveadm", ["-c", instance.configFile, "user", "*"]);
  let timedOut = false;
  const stop = () => {
    timedOut = true;
    child.kill("SIGTERM");
  };
  let silence = setTimeout(stop, SILENCE_MS);
  let complaint = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", () => resolve(null));
  });
  let batch: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(silence);
    if (line !== "") batch.push(line);
    if (batch.length >= batchSize) {
      await take(batch);
      batch = [];
    }
    silence = setTimeout(stop, SILENCE_MS);
  }
  const code = await ended;
  clearTimeout(silence);
  if (batch.length > 0) await take(batch);
  if (timedOut)
    return {
      complete: false,
      trouble: `The daemon's list of accounts stopped for ${SILENCE_MS / 1000} seconds.`,
    };
  if (code === 0) return { complete: true, trouble: "" };
  return { complete: false, trouble: troubleOf(complaint, code) };
}

function troubleOf(complaint: string, code: number | null): string {
  if (/don't support (?:it|iteration)|User listing returned failure/i.test(complaint))
    return "The server can't list its accounts, or stopped in the middle. Where its userdb can't (static, LDAP without a filter), give it a file of addresses.";
  const last = complaint.trim().split("\n").at(-1) ?? "";
  return `The daemon's list of accounts broke off: ${last || `exit code ${code}`}.`;
}
