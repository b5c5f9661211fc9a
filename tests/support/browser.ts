import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { ADMIN } from "./panel";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Debian's Chromium, without what it would ask the network for. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path)) ?? "chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** What the browser complained about; a test that ends well has none. */
  complaints: string[];
}

export interface VisitOptions {
  javaScript?: boolean;
  narrow?: boolean;
  dark?: boolean;
  /** Take a certificate that nobody signed. */
  insecure?: boolean;
  /** Who comes in signed in; a stranger without it. */
  session?: Session;
}

export type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

export async function visit(browser: Browser, options: VisitOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    ...(options.session ? { storageState: options.session } : {}),
    ignoreHTTPSErrors: options.insecure ?? false,
    javaScriptEnabled: options.javaScript ?? true,
    colorScheme: options.dark ? "dark" : "light",
    viewport: options.narrow ? { width: 390, height: 844 } : { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return { context, page, complaints };
}

export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(`${url}/`);
}

/** Signs in once, for visitors in any number: a password is slow to check, and rightly so. */
export async function newSession(browser: Browser, url: string): Promise<Session> {
  const { page, context } = await visit(browser);
  await signIn(page, url);
  const session = await context.storageState();
  await context.close();
  return session;
}

/** What axe finds against WCAG 2.2 AA, and whether the page is wider than its window; a line each. Empty when nothing. */
export async function pageFaults(page: Page): Promise<string[]> {
  // Where a page is told anew after an action, its title goes and comes.
  for (let tries = 0; tries < 20 && (await page.title()) === ""; tries++) await page.waitForTimeout(100);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [
    ...(await accessibilityFaults(page)),
    ...(tooWide > 0 ? [`It is ${tooWide} pixels wider than its window.`] : []),
  ];
}

async function accessibilityFaults(page: Page): Promise<string[]> {
  // By way of the debugger, which the page's content policy doesn't bind.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    // A bar that sticks to an edge covers whatever happens to lie there: that is not how large a target is.
    const bars = [...document.querySelectorAll<HTMLElement>(".sticky")];
    for (const bar of bars) bar.style.position = "static";
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const result = await axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      // What it passed isn't looked at, and needn't be described.
      resultTypes: ["violations"],
      preload: false,
    });
    for (const bar of bars) bar.style.position = "";
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
  });
  return violations;
}

/** Applies what the page of a review shows, for good, and returns what it says afterwards. */
export async function applyReviewed(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Apply now" }).waitFor();
  await page.getByLabel(/^Go back by itself/).uncheck();
  await page.getByRole("button", { name: "Apply now" }).click();
  const result = page.getByRole("status").filter({ hasText: /Saved as revision|is what is wanted/ });
  await result.waitFor();
  return await result.innerText();
}
