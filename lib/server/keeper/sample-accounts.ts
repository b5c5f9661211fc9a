import { MachineFailure } from "@/lib/core/apply/ports";
import { prove } from "../access/prove";
import type { MailNode } from "../node";

/** Accounts a look: two calls of some 15 ms. */
const SLICE = 50;

/** Asks the daemon about a slice of all accounts after another, for ever: what the pages say of them is seen, not believed. */
export class AccountSampler {
  private after = 0;

  constructor(private readonly node: MailNode) {}

  async next(): Promise<void> {
    const slice = await this.node.db.account.findMany({
      where: { id: { gt: this.after }, vanishedAt: null },
      orderBy: { id: "asc" },
      take: SLICE,
    });
    this.after = slice.length < SLICE ? 0 : (slice.at(-1)?.id ?? 0);
    try {
      await prove(
        this.node,
        slice.map(({ address }) => address),
      );
    } catch (error) {
      // A daemon that is down is told by the status of the ports; there is nobody to ask.
      if (!(error instanceof MachineFailure)) throw error;
    }
  }
}
