import { unlessMachineFails } from "@/lib/core/apply/ports";
import { channelsOf, rulesOf } from "../alerts/channels";
import { deliver } from "../alerts/deliver";
import { TroubleWatch } from "../alerts/look";
import { recordTroubles } from "../alerts/record";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";

/** Finds out what stands, and tells it where that is set up. A channel that fails or hangs doesn't hold up the others. */
export class AlertSender {
  private readonly watch: TroubleWatch;

  constructor(private readonly node: MailNode) {
    this.watch = new TroubleWatch(node);
  }

  /** `stop` breaks off what is being sent. */
  async look(stop?: AbortSignal): Promise<void> {
    const { node } = this;
    const { values, version } = await panelSettings(node.db, "alerts");
    const channels = channelsOf(values);
    const found = await this.watch.look().catch(unlessMachineFails);
    // What could not be looked at is not over.
    if (found) await recordTroubles(node.db, found, { rules: rulesOf(values), channels });
    await Promise.all(channels.map((channel) => deliver(node, channel, { values, version }, stop)));
  }
}
