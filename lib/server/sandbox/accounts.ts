import { randomBytes } from "node:crypto";
import { z } from "zod";
import { SAMPLE_MAILBOXES } from "@/lib/core/sandbox/samples";
import { readIfThere } from "@/lib/system/files";
import type { Home } from "../home";

const accountsSchema = z.array(z.object({ address: z.string(), password: z.string() }));

/** A sample mailbox and its password, shown to anybody who may see the panel: that is what it is for. */
export type SandboxAccount = z.infer<typeof accountsSchema>[number];

export function makeAccounts(): SandboxAccount[] {
  return SAMPLE_MAILBOXES.map((address) => ({ address, password: randomBytes(9).toString("base64url") }));
}

/** Empty where this home manages a real server. */
export async function sandboxAccounts(home: Home): Promise<SandboxAccount[]> {
  const text = await readIfThere(home.sandboxAccounts);
  return text === undefined ? [] : accountsSchema.parse(JSON.parse(text));
}
