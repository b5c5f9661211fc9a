import type { Browser, Page } from "playwright-core";
import { afterEach, expect } from "vitest";
import { signIn, type Visitor, visit } from "./browser";

/** Opens pages as the signed-in operator, and fails a test in which the browser complained. */
export function operatorOf(browser: () => Browser, url: () => string) {
  let visitors: Visitor[] = [];
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });
  return async (path: string, options: Parameters<typeof visit>[1] = {}): Promise<Page> => {
    const visitor = await visit(browser(), options);
    visitors.push(visitor);
    await signIn(visitor.page, url());
    await visitor.page.goto(url() + path);
    return visitor.page;
  };
}
