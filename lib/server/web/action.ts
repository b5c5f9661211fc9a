import { randomUUID } from "node:crypto";
import { redirect, unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { Permission } from "@/lib/core/operators/roles";
import type { ActionState } from "@/lib/core/views";
import { LockTimeout } from "@/lib/system/lock";
import { databaseFailure } from "../database/failure";
import { log } from "../log";
import { isFresh } from "./fresh";
import { auditRefusedAct } from "./refused";
import { actorOf, currentOperator, currentSession, may, type Operator } from "./session";

interface ActionSpec<Schema extends z.ZodType, Result> {
  /** Required: an action that forgets who may call it doesn't compile. */
  permission: Permission;
  /** Reads the form's fields. */
  schema: Schema;
  /** Fields that are never sent back, not even to be mended: what was typed stays in the page, its history and caches. */
  secrets?: (fields: Readonly<Record<string, unknown>>) => readonly string[];
  /** Risky: only for somebody who proved a short while ago who he is. Its page should ask before, by `requireFresh`. */
  fresh?: boolean | ((fields: Readonly<Record<string, unknown>>) => boolean);
  /** For setting up the second factor that a role needs: also for somebody who hasn't got one yet. */
  beforeSecondFactor?: boolean;
  run: (input: z.infer<Schema>, operator: Operator) => Promise<Result>;
}

/**
 * The one shape of a mutation from a page: authenticate, authorise, parse, do, translate. The audit is written
 * by what `run` calls, in the same transaction as the change.
 */
export function defineAction<Schema extends z.ZodType, Result>({
  permission,
  schema,
  secrets = () => [],
  fresh = false,
  beforeSecondFactor = false,
  run,
}: ActionSpec<Schema, Result>) {
  return async (_before: ActionState<Result>, form: FormData): Promise<ActionState<Result>> => {
    const operator = beforeSecondFactor ? await whoeverEnrols() : await currentOperator();
    if (!operator) redirect("/sign-in");
    const at = Date.now();
    const fields = Object.fromEntries(form);
    const withheld = secrets(fields);
    const typed = Object.fromEntries(
      Object.entries(fields).filter(
        (field): field is [string, string] => typeof field[1] === "string" && !withheld.includes(field[0]),
      ),
    );
    if (!may(operator, permission)) {
      await auditRefusedAct({ ...operator, actor: actorOf(operator), permission });
      return { status: "failed", at, sentence: "Your role doesn't allow this.", typed };
    }
    if ((typeof fresh === "function" ? fresh(fields) : fresh) && !(await isFresh(operator))) {
      return { status: "failed", at, sentence: STALE, typed };
    }
    const input = schema.safeParse(fields);
    if (!input.success) {
      const problems = input.error.issues.map(({ path, message }) => ({ key: path.join("."), message }));
      return { status: "invalid", at, problems, typed };
    }
    try {
      return { status: "done", at, result: await run(input.data, operator), typed };
    } catch (error) {
      unstable_rethrow(error);
      return { status: "failed", at, sentence: sentenceFor(error, permission), typed };
    }
  };
}

const STALE =
  "This needs a new confirmation that it is you. Open /confirm in another tab, then send this again: nothing was changed, and what you typed is still here.";

/** Whoever has yet to give a second factor that he has set up is not let near another one. */
async function whoeverEnrols(): Promise<Operator | undefined> {
  const session = await currentSession();
  return session && session.lacks !== "prove" ? session.operator : undefined;
}

/** What a person may read of an error: the sentences that were written for them. Else an id, found in the log. */
function sentenceFor(error: unknown, permission: Permission): string {
  if (error instanceof LockTimeout || error instanceof MachineFailure) return error.message;
  const database = databaseFailure(error);
  if (database) return `${database} Nothing was saved or changed.`;
  const id = randomUUID().slice(0, 8);
  log.error({ id, permission, err: error }, "An action failed");
  return `Portcullis failed at this. The page shows what is in force and seen now. The log has the details under ${id}.`;
}
