import { execa } from "execa";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { PATH } from "@/lib/system/run";
import type { Home } from "../home";
import type { Books } from "./books";

/** A migration of a large database takes its time. */
const TIMEOUT_MS = 5 * 60_000;
const LONGEST_ANSWER = 64 * 1024;

const opened = z.object({ rules: z.number().int().min(0) });
const begun = z.object({ revision: z.number().int().min(1).max(2_000_000_000) });

/**
 * The books of a home that belongs to another user, kept by a process of that user: `portcullis books`. What root would open
 * there, its owner could have made a link to something else (docs/decisions/070-what-root-believes.md).
 */
export function ownersBooks(home: Home, owner: { uid: number; gid: number }): Books {
  const ask = (what: string, input: unknown = null) => askOwner(home, owner, what, input);
  return {
    requireStopped: async () => void (await ask("require-stopped")),
    open: async () => read(opened, await ask("open")),
    begin: async (input) => read(begun, await ask("begin", input)),
    end: async (input) => void (await ask("end", input)),
  };
}

async function askOwner(
  home: Home,
  { uid, gid }: { uid: number; gid: number },
  what: string,
  input: unknown,
): Promise<unknown> {
  const ran = await execa(process.execPath, [process.argv[1] ?? "", "books", what], {
    reject: false,
    extendEnv: false,
    env: { PATH, LC_ALL: "C.UTF-8", PORTCULLIS_HOME: home.folder },
    timeout: TIMEOUT_MS,
    maxBuffer: LONGEST_ANSWER,
    input: JSON.stringify(input),
    cwd: "/",
    // Without a terminal, it can't type into that of whoever is root.
    detached: true,
    uid,
    gid,
  });
  if (ran.exitCode !== 0)
    throw new MachineFailure(
      `The panel's own state in ${home.folder} could not be written as its owner (user ${uid}): ${ran.stderr.trim() || ran.shortMessage || "no reason given"}`,
    );
  try {
    return JSON.parse(ran.stdout) as unknown;
  } catch {
    return undefined;
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new MachineFailure("The panel's own state could not be written: no answer.");
  return parsed.data;
}
