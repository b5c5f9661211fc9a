import { join } from "node:path";
import { type HookEvent, vetoSentence } from "@/lib/core/hooks/event";
import { type HookProgram, hookPrograms, runHook } from "@/lib/system/hooks/programs";
import { post } from "@/lib/system/outbound/webhook";
import { clearAlarm, raiseAlarm } from "../alarms";
import { log } from "../log";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { environmentOf } from "./ask";

const WEBHOOK = "webhook";
/** Then it is given up, and an alarm stands until a later one is taken. */
const WAITS_MS = [10_000, 60_000, 10 * 60_000];
const KEPT_MS = 30 * 24 * 60 * 60_000;
const AT_ONCE = 20;

/** Notes whom a change that was made is to be told. It never fails the change: what goes wrong is logged. */
export async function noteForHooks(node: MailNode, event: HookEvent): Promise<void> {
  try {
    const [programs, { values }] = await Promise.all([afterPrograms(node), panelSettings(node.db, "hooks")]);
    const targets = [...programs.map(({ name }) => name), ...(values.webhookUrl === "" ? [] : [WEBHOOK])];
    if (targets.length === 0) return;
    const at = new Date();
    const facts = { event: JSON.stringify(event), at, nextAt: at };
    await node.db.hookDelivery.createMany({ data: targets.map((target) => ({ target, ...facts })) });
  } catch (error) {
    log.error({ err: error, event: event.id }, "Hooks could not be told of a change");
  }
}

/** Tells what is due; one process works at it. What fails is tried again later, and stands as an alarm. */
export async function tellHooks(node: MailNode): Promise<void> {
  const { db } = node;
  const due = await db.hookDelivery.findMany({
    where: { nextAt: { lte: new Date() } },
    orderBy: { id: "asc" },
    take: AT_ONCE,
  });
  for (const { id, target, event, tries } of due) {
    const failure = await deliver(node, target, JSON.parse(event) as HookEvent);
    const wait = WAITS_MS[tries];
    const now = Date.now();
    await db.hookDelivery.update({
      where: { id },
      data: {
        tries: tries + 1,
        failure: failure ?? "",
        doneAt: failure === undefined ? new Date(now) : null,
        nextAt: failure === undefined || wait === undefined ? null : new Date(now + wait),
      },
    });
    const key = `hook:${target}`;
    if (failure === undefined) await clearAlarm(db, key);
    else await raiseAlarm(db, key, `The hook ${target} could not be told of a change: ${failure}`);
  }
  await db.hookDelivery.deleteMany({ where: { nextAt: null, at: { lt: new Date(Date.now() - KEPT_MS) } } });
}

/** Why it was not taken, in a sentence; undefined when it was. */
async function deliver(node: MailNode, target: string, event: HookEvent): Promise<string | undefined> {
  const { values } = await panelSettings(node.db, "hooks");
  const timeoutMs = values.timeoutSeconds * 1000;
  const body = JSON.stringify(event);
  if (target === WEBHOOK) {
    if (values.webhookUrl === "") return "No webhook is set any more.";
    const posted = await post({ url: values.webhookUrl, secret: values.webhookSecret }, body, {
      id: event.id,
      timeoutMs,
      stop: new AbortController().signal,
    });
    return posted.ok ? undefined : posted.failure;
  }
  const program = (await afterPrograms(node)).find(({ name }) => name === target);
  if (!program) return "It is not there any more.";
  if (program.unsafe !== undefined) return `${program.unsafe}.`;
  const { exitCode, said, timedOut } = await runHook(program, body, environmentOf(event), timeoutMs);
  if (timedOut) return `it did not end within ${values.timeoutSeconds} seconds.`;
  if (exitCode === 0) return undefined;
  return `it ended with ${exitCode ?? "a signal"}${said === "" ? "." : `: ${vetoSentence(said)}`}`;
}

async function afterPrograms({ home }: MailNode): Promise<HookProgram[]> {
  return await hookPrograms(join(home.hooks, "after.d"));
}
