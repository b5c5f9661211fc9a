import { parseAddress } from "@/lib/core/access/name";

/** So many unusable names are told one by one. */
const TOLD = 20;

/** The names of a listing that can be an account's, folded; what can't is told and makes the listing incomplete. */
export class ListingNames {
  private readonly refused: string[] = [];
  private refusedCount = 0;

  take(names: readonly string[]): string[] {
    const usable: string[] = [];
    for (const text of names) {
      const named = looksBroken(text)
        ? { ok: false as const, message: brokenSentence(text) }
        : parseAddress(text);
      if (named.ok) usable.push(named.name);
      else this.refuse(named.message);
    }
    return usable;
  }

  get isClean(): boolean {
    return this.refusedCount === 0;
  }

  notes(): string[] {
    const more = this.refusedCount - this.refused.length;
    return more > 0 ? [...this.refused, `${more} more names can't be used.`] : this.refused;
  }

  private refuse(message: string): void {
    this.refusedCount++;
    if (this.refused.length < TOLD) this.refused.push(message);
  }
}

/** 2.3 with an SQL userdb and no iterate_query of its own lists `user@domain@`, and says that all went well. */
function looksBroken(text: string): boolean {
  return text.endsWith("@");
}

function brokenSentence(text: string): string {
  return `${JSON.stringify(text.slice(0, 80))} ends with "@": the userdb's iterate_query does not fit its table.`;
}
