import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { guardAudit } from "../audit/check";
import { tellHooks } from "../hooks/tell";
import { workAtJob } from "../jobs/run";
import { log } from "../log";
import type { MailNode } from "../node";
import { watchSessions } from "../sessions/watch";
import { SignInCollector } from "../use/collect";
import { pruneUse } from "../use/prune";
import { applyScheduled } from "./apply-scheduled";
import { endExpired } from "./end-expired";
import { giveSign } from "./give-sign";
import { guardMap } from "./guard-map";
import { keepListing } from "./keep-listing";
import { MailboxMeasurer } from "./measure-mailboxes";
import { AccountSampler } from "./sample-accounts";
import { AlertSender } from "./send-alerts";
import { DriftWatch } from "./watch-drift";
import { TrialWatch } from "./watch-trials";

/** Something that is done again and again, whether anybody looks at the panel or not. */
interface Task {
  name: string;
  everyMs: number;
  /** `stop` is for what waits for others: the end of the panel doesn't. */
  run: (stop: AbortSignal) => Promise<void>;
}

const SECOND_MS = 1000;

/**
 * Does what nobody waits for: long jobs, rules that run out, the access map kept whole, accounts asked for one by one, changes
 * that are due at a time, those that go back unless somebody confirms them, and alerts. One runs for a home, in the process that
 * `npm start` is.
 */
export function startKeeper(node: MailNode): { stop(): Promise<void> } {
  const sampler = new AccountSampler(node);
  const drift = new DriftWatch(node);
  const trials = new TrialWatch(node);
  const measurer = new MailboxMeasurer(node);
  const signIns = new SignInCollector(node);
  const alerts = new AlertSender(node);
  const stopping = new AbortController();
  const tasks: Task[] = [
    { name: "jobs", everyMs: 300, run: async () => void (await workAtJob(node)) },
    { name: "access map", everyMs: SECOND_MS, run: () => guardMap(node) },
    { name: "hooks", everyMs: SECOND_MS, run: () => tellHooks(node) },
    { name: "trials", everyMs: SECOND_MS, run: () => trials.look() },
    { name: "timetable", everyMs: SECOND_MS, run: () => applyScheduled(node) },
    { name: "drift", everyMs: 10 * SECOND_MS, run: () => drift.look() },
    { name: "ended rules", everyMs: 5 * SECOND_MS, run: () => endExpired(node) },
    { name: "account sample", everyMs: 10 * SECOND_MS, run: () => sampler.next() },
    { name: "mailbox sizes", everyMs: 4 * SECOND_MS, run: () => measurer.next() },
    { name: "sign-ins", everyMs: 2 * SECOND_MS, run: () => signIns.look() },
    { name: "open sessions", everyMs: 60 * SECOND_MS, run: () => watchSessions(node) },
    { name: "old sign-ins", everyMs: 60 * 60 * SECOND_MS, run: () => pruneUse(node.db) },
    { name: "audit", everyMs: 10 * 60 * SECOND_MS, run: () => guardAudit(node.db) },
    { name: "alerts", everyMs: 15 * SECOND_MS, run: (stop) => alerts.look(stop) },
    { name: "sign of life", everyMs: 10 * SECOND_MS, run: () => giveSign(node.home) },
    { name: "account list", everyMs: 60 * SECOND_MS, run: () => keepListing(node) },
  ];
  // Each waits for the same signal; Node takes more than ten for a leak.
  setMaxListeners(tasks.length + 1, stopping.signal);
  const loops = tasks.map((task) => loop(task, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function loop({ name, everyMs, run }: Task, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await run(signal);
    } catch (error) {
      // A task that fails now is tried again; what it is about is told by the page's own look.
      log.error({ err: error, task: name }, "A task of the keeper failed");
    }
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
