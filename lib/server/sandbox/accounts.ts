import { randomBytes } from "node:crypto";
import { z } from "zod";
import { SAMPLE_MAILBOXES } from "@/lib/core/sandbox/samples";
import { onDisk, readIfThere } from "@/lib/system/files";
import type { Home } from "../home";
import { readDescription } from "../node";

const accountsSchema = z.array(z.object({ address: z.string(), password: z.string() }));

/** A sample mailbox and its password, shown to anybody who may see the panel: that is what it is for. */
export type SandboxAccount = z.infer<typeof accountsSchema>[number];

export function makeAccounts(): SandboxAccount[] {
  return SAMPLE_MAILBOXES.map((address) => ({ address, password: randomBytes(9).toString("base64url") }));
}

/** @throws MachineFailure where nothing is set up or may be read. */
export async function sandboxAccounts(home: Home): Promise<SandboxAccount[]> {
  await readDescription(home);
  const text = await onDisk(`reading ${home.sandboxAccounts}`, () => readIfThere(home.sandboxAccounts));
  return text === undefined ? [] : accountsSchema.parse(JSON.parse(text));
}
