import { openBrowser, signIn, visit } from "../support/browser";
import type { RunningPanel } from "../support/panel";

/** The text of a page up to the first chunk that ends what was asked for; to the last byte where nothing was. */
export type Get = (path: string, until?: string) => Promise<string>;

/** Fetches pages of a panel as its administrator's browser would, uncompressed. */
export async function signedIn({ url }: RunningPanel): Promise<Get> {
  const browser = await openBrowser();
  const { page, context } = await visit(browser);
  await signIn(page, url);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await browser.close();
  return async (path, until) => {
    const answer = await fetch(`${url}${path}`, { headers: { cookie, "accept-encoding": "identity" } });
    if (!answer.ok || !answer.body) throw new Error(`${path}: ${answer.status}`);
    if (until === undefined) return await answer.text();
    let text = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes(until)) return text;
    }
    throw new Error(`${path} has no ${until}.`);
  };
}
