import { type MailboxSize, mailboxSize } from "@/lib/system/dovecot/mailbox-size";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { DAY_S } from "../use/tally";

/** Growth is told from a measure that is at least so old. */
const EARLIER_S = DAY_S;
/** And from none that is much older. */
const RENEWED_S = 7 * DAY_S;
/** How long one is good. */
const GOOD_S = DAY_S / 2;

/** Measures one mailbox after another, in the order in which they came, for ever. */
export class MailboxMeasurer {
  private after = 0;

  constructor(
    private readonly node: MailNode,
    private readonly measure: (
      instance: MailNode["instance"],
      address: string,
    ) => Promise<MailboxSize | undefined> = mailboxSize,
  ) {}

  async next(): Promise<void> {
    const { db, instance } = this.node;
    const { values } = await panelSettings(db, "use");
    if (!values.measure) return;
    const account = await db.account.findFirst({
      where: { id: { gt: this.after }, vanishedAt: null },
      orderBy: { id: "asc" },
    });
    this.after = account?.id ?? 0;
    if (!account) return;
    const { address } = account;
    const known = await db.mailboxSize.findUnique({ where: { address } });
    const now = Math.floor(Date.now() / 1000);
    if (known && now - known.measuredAt < GOOD_S) return;
    const size = await this.measure(instance, address);
    if (!size) return;
    const facts = { bytes: BigInt(size.bytes), messages: size.messages, measuredAt: now };
    const isStale = known?.earlierAt == null || now - known.earlierAt > RENEWED_S;
    const earlier =
      known && isStale && now - known.measuredAt >= EARLIER_S / 2
        ? { earlierBytes: known.bytes, earlierAt: known.measuredAt }
        : {};
    await db.mailboxSize.upsert({
      where: { address },
      create: { address, ...facts },
      update: { ...facts, ...earlier },
    });
  }
}
