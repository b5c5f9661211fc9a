import { openBrowser, signIn, visit } from "../support/browser";
import type { RunningPanel } from "../support/panel";

/** Fetches pages of a panel as its administrator's browser would, uncompressed, to the last byte. */
export async function signedIn({ url }: RunningPanel): Promise<(path: string) => Promise<string>> {
  const browser = await openBrowser();
  const { page, context } = await visit(browser);
  await signIn(page, url);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await browser.close();
  return async (path) => {
    const answer = await fetch(`${url}${path}`, { headers: { cookie, "accept-encoding": "identity" } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return await answer.text();
  };
}
