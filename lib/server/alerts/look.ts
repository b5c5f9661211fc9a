import { performance } from "node:perf_hooks";
import type { Gap } from "@/lib/core/access/posture";
import type { Standing } from "@/lib/core/alerts/alert";
import { accessEnforcement, accessGaps } from "../access/enforcement";
import { readInForce } from "../mailserver/in-force";
import { latestRevision } from "../mailserver/revisions";
import { FILES_KEY, type MailserverStatus, mailserverStatus } from "../mailserver/status";
import { statusAgain } from "../mailserver/status-again";
import type { MailNode } from "../node";
import { troublesOf } from "../overview/needs";

/** The configuration is read so often; who edits it is noticed by the watch for drift, within seconds. */
const THOROUGH_MS = 60_000;

/** Tells again and again what somebody must look at. Each time it looks at daemon, ports and volume. */
export class TroubleWatch {
  private known: { atMs: number; print: string; status: MailserverStatus; gaps: Gap[] } | undefined;

  constructor(private readonly node: MailNode) {}

  async look(): Promise<Standing[]> {
    const { node } = this;
    const [inForce, wanted] = await Promise.all([readInForce(node), latestRevision(node.db)]);
    const print = [wanted.number, inForce?.revision, inForce?.mark, inForce?.loadedMark].join(" ");
    const isFresh = this.known?.print === print && performance.now() - this.known.atMs < THOROUGH_MS;
    if (!this.known || !isFresh) {
      const [status, gaps] = [await mailserverStatus(node), await accessGaps(node)];
      this.known = { atMs: performance.now(), print, status, gaps };
    } else this.known.status = await statusAgain(node, this.known.status, inForce);
    const { status, gaps } = this.known;
    const found = await troublesOf(node.db, status, await accessEnforcement(node, gaps));
    // Which of them was edited, removed or replaced is told as drift within seconds: the same would be told twice.
    return found.filter(({ key }) => key !== FILES_KEY);
  }
}
