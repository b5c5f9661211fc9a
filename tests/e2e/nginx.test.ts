import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installPackages, isDebianLike, isRoot } from "@/bin/prepare/debian.mjs";
import { openBrowser, signIn } from "../support/browser";
import { makeCertificate } from "../support/certificates";
import { startPanel } from "../support/panel";
import { freePorts } from "../support/ports";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/nginx.conf", import.meta.url));
const NGINX = "/usr/sbin/nginx";
/** From here nginx asks the panel, so that its address and the browser's are two. */
const FROM = "127.0.0.3";

let folder: string;
let nginx: ChildProcess | undefined;
let panel: Awaited<ReturnType<typeof startPanel>>;
let browser: Browser;
let url: string;
let missing = "";

beforeAll(async () => {
  if (!existsSync(NGINX) && isDebianLike() && isRoot())
    await installPackages(["nginx-light"], "the example of a proxy to be tried").catch(() => {});
  if (!existsSync(NGINX)) {
    missing = "nginx is not installed";
    return;
  }
  folder = mkdtempSync(join(tmpdir(), "portcullis-nginx-"));
  const [port = 0, plain = 0] = await freePorts(2);
  url = `https://localhost:${port}`;
  [panel, browser] = await Promise.all([
    startPanel({ environment: { PORTCULLIS_URL: url, PORTCULLIS_TRUSTED_PROXIES: FROM } }),
    openBrowser(),
  ]);
  await startNginx(port, plain);
});
afterAll(async () => {
  await browser?.close();
  if (nginx) {
    const exited = new Promise((resolve) => nginx?.once("exit", resolve));
    nginx.kill("SIGQUIT");
    await exited;
  }
  await panel?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The example as it stands, but for its ports, name and certificate; beside the machine's own nginx, if any. */
async function startNginx(port: number, plain: number): Promise<void> {
  const { cert, key } = await makeCertificate("localhost", 2);
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key);
  for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, name));
  const site = readFileSync(EXAMPLE, "utf8")
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
    .replace("listen 80;", `listen 127.0.0.1:${plain};`)
    .replaceAll(/^ *listen \[::\].*\n/gm, "")
    .replaceAll("panel.example.org;", "localhost;")
    .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)
    .replace("http://127.0.0.1:3000;", `${panel.url};\n        proxy_bind ${FROM};`);
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
events {}
http {
access_log off;
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name.replace("client_", "")};`).join("\n")}
${site}}
`,
  );
  nginx = spawn(NGINX, ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  nginx.stderr?.on("data", (chunk) => (said += String(chunk)));
  for (let look = 0; look < 100; look++) {
    if (nginx.exitCode !== null)
      throw new Error(`nginx ended: ${said}${readFileSync(join(folder, "error.log"), "utf8")}`);
    if (existsSync(join(folder, "pid"))) return;
    await sleep(50);
  }
  throw new Error(`nginx doesn't start: ${said}`);
}

it("serves the panel as the example has it: sign-in, actions, pages in pieces, and who it is that comes", async (context) => {
  if (missing) context.skip(missing);
  const visitor = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await visitor.newPage();
  await signIn(page, url);
  const cookies = (await visitor.cookies()).filter(({ name }) => name.includes("session"));
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies)
    expect(cookie).toMatchObject({
      name: expect.stringMatching(/^__(?:Host|Secure)-/),
      secure: true,
      httpOnly: true,
    });

  // A server action: its origin is the proxy's name and port.
  const answer = await page.goto(`${url}/mailserver`);
  expect(answer?.headers()["strict-transport-security"]).toMatch(/max-age=\d{6,}/);
  await page.getByLabel("Idle Check Interval").fill("77");
  await page.getByRole("button", { name: "Save and review" }).click();
  await page.waitForURL(/\/mailserver\/review\//);

  // The first piece of a stream that goes on.
  const first = await page.evaluate(async (address) => {
    const stop = new AbortController();
    const reader = (await fetch(address, { signal: stop.signal })).body!.getReader();
    const late = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 5000));
    const piece = reader
      .read()
      .then(({ value, done }) => `${done ? "ended " : ""}${new TextDecoder().decode(value)}`);
    const seen = await Promise.race([piece, late]);
    stop.abort();
    return seen;
  }, `${page.url()}/steps`);
  expect(first).toMatch(/^data: \{"running":true/);

  await page.getByRole("button", { name: "Apply now" }).click();
  await page
    .getByText(/Saved as revision \d+|is in force/)
    .first()
    .waitFor();
  const entries = JSON.parse((await panel.cli("audit", "list", "--action", "session", "--json")).stdout) as {
    action: string;
    from: string;
  }[];
  expect(entries.find(({ action }) => action === "session.sign-in")).toMatchObject({ from: "127.0.0.1" });
  await visitor.close();
});
