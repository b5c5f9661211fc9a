import type { Answered } from "@/lib/api-client/caller";

interface Page<Item> {
  items: Item[];
  next: string | null;
  limits?: string[] | undefined;
}

/** So many are asked for at once. */
const PAGE = 500;

/** All parts of a list, one after the other, up to `most` items. */
export async function* remotePages<Item>(
  ask: (part: { limit: number; after?: string }) => Promise<Answered<Page<Item>>>,
  { most = Number.POSITIVE_INFINITY, after }: { most?: number | undefined; after?: string | undefined } = {},
): AsyncGenerator<Item[]> {
  let from = after;
  for (let left = most; left > 0; ) {
    const { body } = await ask({
      limit: Math.min(PAGE, left),
      ...(from === undefined ? {} : { after: from }),
    });
    if (body.items.length > 0) yield body.items;
    if (body.next === null) return;
    from = new URL(body.next, "http://panel").searchParams.get("after") ?? undefined;
    left -= body.items.length;
  }
}

export async function allOf<Item>(pages: AsyncIterable<Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
