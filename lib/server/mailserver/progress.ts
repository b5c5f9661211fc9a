import { setTimeout as sleep } from "node:timers/promises";
import { STEP_WORDS, type Step } from "@/lib/core/apply/outcome";
import type { ProgressStep } from "@/lib/core/views";
import type { Database } from "../database/client";
import { log } from "../log";
import type { MailNode } from "../node";

export interface RunStep {
  step: Step | "done";
  /** What was seen in it; empty for the step itself. */
  detail: string;
  at: Date;
}

/** One run of the engine, as progress knows it from its first step on. */
export interface Run {
  id: string;
  /** Told of every step as it comes. */
  onStep?: ((step: RunStep) => void) | undefined;
}

/** How long the end of a run waits for its last steps to be written: they only inform. */
const FLUSH_MS = 1000;

/** The same node, whose engine tells each of its steps to `run` and to the database. */
export function reporting(
  node: MailNode,
  { id: runId, onStep }: Run,
): { node: MailNode; done: () => Promise<void> } {
  let number = 0;
  let written: Promise<unknown> = Promise.resolve();
  const tell = (step: RunStep["step"], detail = "") => {
    const row = { runId, number: number++, step, detail, at: new Date() };
    onStep?.(row);
    written = written
      .then(() => node.db.applyStep.create({ data: row }))
      .catch((error: unknown) => log.warn({ err: error, runId, step }, "A step could not be recorded"));
  };
  const report: MailNode["ports"]["report"] = (step, detail) => {
    tell(step, detail);
    node.ports.report(step, detail);
  };
  return {
    node: { ...node, ports: { ...node.ports, report } },
    async done() {
      tell("done");
      await Promise.race([written, sleep(FLUSH_MS, undefined, { ref: false })]);
    },
  };
}

/** The steps of a run so far, in order. */
export async function stepsOf(db: Database, runId: string): Promise<RunStep[]> {
  const rows = await db.applyStep.findMany({ where: { runId }, orderBy: { number: "asc" } });
  return rows.map(({ step, detail, at }) => ({ step: step as RunStep["step"], detail, at }));
}

export function stepViews(steps: readonly RunStep[]): ProgressStep[] {
  const begun = steps[0]?.at.getTime() ?? 0;
  return steps.map(({ step, detail, at }) => ({
    words: STEP_WORDS[step],
    detail,
    afterMs: at.getTime() - begun,
  }));
}
