import { join } from "node:path";
import { z } from "zod";
import { type HookEvent, vetoSentence } from "@/lib/core/hooks/event";
import { hookPrograms, runHook } from "@/lib/system/hooks/programs";
import { post } from "@/lib/system/outbound/webhook";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";

const answerSchema = z.object({ veto: z.string().min(1) });

/** Asks whoever is to be asked before a change. Returns why it is refused, in a sentence; undefined where nobody objects. */
export async function askHooks(node: MailNode, event: HookEvent): Promise<string | undefined> {
  const { values } = await panelSettings(node.db, "hooks");
  const timeoutMs = values.timeoutSeconds * 1000;
  const body = JSON.stringify(event);
  const failed = (name: string, why: string) =>
    values.whenAskingFails === "refuse" ? `The hook ${name} was asked and failed: ${why}` : undefined;
  for (const program of await hookPrograms(join(node.home.hooks, "before.d"))) {
    if (program.unsafe !== undefined) {
      const refusal = failed(program.name, `${program.unsafe}.`);
      if (refusal) return refusal;
      continue;
    }
    const { exitCode, said, timedOut } = await runHook(program, body, environmentOf(event), timeoutMs);
    if (exitCode === 0) continue;
    const sentence = vetoSentence(said);
    if (timedOut || exitCode === undefined) {
      const why = timedOut ? `it did not end within ${values.timeoutSeconds} seconds.` : sentence;
      const refusal = failed(program.name, why);
      if (refusal) return refusal;
    } else {
      return `The hook ${program.name} refuses it${sentence === "" ? "." : `: ${sentence}`}`;
    }
  }
  if (values.webhookUrl === "" || !values.webhookAsks) return undefined;
  const posted = await post({ url: values.webhookUrl, secret: values.webhookSecret }, body, {
    id: event.id,
    timeoutMs,
    stop: new AbortController().signal,
  });
  const veto = vetoIn(posted.text ?? "");
  if (veto !== undefined) return `The webhook refuses it: ${vetoSentence(veto)}`;
  return posted.ok ? undefined : failed("webhook", posted.failure);
}

/** For programs that read no JSON. */
export function environmentOf({ phase, kind, id }: HookEvent): Record<string, string> {
  return { PORTCULLIS_PHASE: phase, PORTCULLIS_KIND: kind, PORTCULLIS_ID: id };
}

function vetoIn(text: string): string | undefined {
  try {
    const answer = answerSchema.safeParse(JSON.parse(text));
    return answer.success ? answer.data.veto : undefined;
  } catch {
    return undefined;
  }
}
