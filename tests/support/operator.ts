import type { Browser, Page } from "playwright-core";
import { afterEach, expect } from "vitest";
import { newSession, type Session, type VisitOptions, type Visitor, visit } from "./browser";

/** Opens pages as the signed-in operator, and fails a test in which the browser complained. Signs in once. */
export function operatorOf(browser: () => Browser, url: () => string) {
  let visitors: Visitor[] = [];
  let session: Promise<Session> | undefined;
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(complaints).toEqual([]);
  });
  return async (path: string, options: VisitOptions = {}): Promise<Page> => {
    session ??= newSession(browser(), url());
    const visitor = await visit(browser(), { ...options, session: await session });
    visitors.push(visitor);
    await visitor.page.goto(url() + path);
    return visitor.page;
  };
}
