import { setTimeout as sleep } from "node:timers/promises";
import type { ProgressView } from "@/lib/core/views";
import { database } from "../database/client";
import { stepsOf, stepViews } from "../mailserver/progress";
import { findProposal } from "../mailserver/proposals";

const LOOK_MS = 120;
/** A review that nobody applies: the browser asks again by itself. */
const LONGEST_MS = 5 * 60_000;

/** What progress shows of a proposal now. */
export async function progressOf(id: string): Promise<ProgressView> {
  const proposal = await findProposal(database(), id);
  const steps = proposal?.runId ? stepViews(await stepsOf(database(), proposal.runId)) : [];
  return { running: proposal?.state === "applying", steps };
}

/** Sends the progress of a proposal whenever there is more of it, until it ends. */
export function progressStream(id: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      let sent = "";
      let begun = false;
      for (let passed = 0; passed < LONGEST_MS && !signal.aborted; passed += LOOK_MS) {
        const view = await progressOf(id);
        // It is opened while the change is only being sent off: that nothing runs yet is not its end.
        begun ||= view.running;
        const text = JSON.stringify({ ...view, running: view.running || !begun });
        if (text !== sent) controller.enqueue(encoder.encode(`data: ${text}\n\n`));
        sent = text;
        if (begun && !view.running) break;
        await sleep(LOOK_MS);
      }
      if (!signal.aborted) controller.close();
    },
  });
}
