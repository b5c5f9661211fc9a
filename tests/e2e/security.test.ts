import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, visit } from "../support/browser";
import { startDns, type TestDns } from "../support/dns-server";
import { doors } from "../support/doors";
import { builtActions, sendAction, signInOverHttp } from "../support/http-actions";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";
import { freePorts } from "../support/ports";
import { childrenOf, printedBy } from "../support/processes-seen";
import { startTlsProxy } from "../support/tls-proxy";
import { wireLogin } from "../support/wire-login";

const DOMAIN = "riverside.example";
/** Runs, or leaves an element behind, wherever it gets into a page as anything but text. */
const HOSTILE = `"'><img src=x onerror=top.pwned=1 class=pwned><svg/onload=top.pwned=1 class=pwned><script>top.pwned=1</script>\`{{7*7}}`;
const MARK = "onerror=top.pwned=1";

const EVIL_PATHS = [
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "https:evil.example",
  "https://evil.example/",
  "/.//evil.example",
  "/x/..//evil.example",
  "/%2e//evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  " //evil.example",
  "javascript:alert(1)",
  "///evil.example",
  "@evil.example",
];

/** A panel behind a web server with TLS, as operators have one; requests of the tests also go to it directly. */
describe("security, shown", { timeout: 180_000 }, () => {
  let panel: RunningPanel;
  let proxy: Awaited<ReturnType<typeof startTlsProxy>>;
  let browser: Browser;
  let dns: TestDns;
  let cookie: string;
  let set: string[];
  /** Milliseconds until a body that never comes ended with its connection. */
  let slow: Promise<number>;
  beforeAll(async () => {
    const [tlsPort = 0] = await freePorts(1);
    [panel, browser, dns] = await Promise.all([
      startPanel({ environment: { PORTCULLIS_URL: `https://localhost:${tlsPort}` } }),
      openBrowser(),
      startDns([]),
    ]);
    proxy = await startTlsProxy(tlsPort, () => Number(new URL(panel.url).port));
    slow = slowBody();
    ({ cookie, set } = await signInOverHttp(panel.url, ADMIN, {
      "user-agent": HOSTILE,
      "x-forwarded-for": "203.0.113.9",
    }));
  });
  afterAll(async () => {
    await browser?.close();
    proxy?.close();
    await dns?.close();
    await panel?.remove();
  });

  async function slowBody(): Promise<number> {
    const { port, host } = new URL(panel.url);
    const began = performance.now();
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`POST /sign-in HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\n`);
    const drip = setInterval(() => socket.write("x"), 2000);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(drip);
    return performance.now() - began;
  }

  const cli = async (...args: string[]) => {
    const ran = await panel.cli(...args);
    expect([args, ran.code, ran.stderr]).toEqual([args, 0, expect.any(String)]);
    return ran.stdout;
  };
  const act = async (name: string, page: string, fields: Record<string, string>) => {
    const action = builtActions().find((one) => one.name === name);
    return await sendAction(panel.url, { id: action?.id ?? "", page }, { cookie, fields });
  };
  const get = async (path: string, headers: Record<string, string> = { cookie }) =>
    await fetch(panel.url + path, { headers, redirect: "manual" });

  describe("every answer", () => {
    const asked = ["/sign-in", "/", "/accounts", "/nothing-here", "/api/health", "/api/v1/token", "/%zz"];

    it.each(asked)("of %s has a strict policy, can't be framed, and keeps browsers at TLS", async (path) => {
      const { headers } = await get(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|http:/);
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
      });
      expect(headers.get("cache-control") ?? "no-store").toMatch(/no-store|private/);
      expect(headers.get("x-powered-by")).toBeNull();
    });

    it("has no inline code: each script and style has the nonce of its own answer", async () => {
      const nonces = new Set<string>();
      for (const path of [
        "/sign-in",
        "/",
        "/accounts",
        "/mailserver",
        "/me",
        "/guide",
        "/audit",
        "/nothing-here",
      ]) {
        const response = await get(path);
        const html = await response.text();
        const nonce =
          /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1] ?? "";
        expect(nonces.has(nonce)).toBe(false);
        nonces.add(nonce);
        const tags = html.match(/<(?:script|style)\b[^>]*>/g) ?? [];
        expect(tags.length).toBeGreaterThan(0);
        expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
        const markup = html.replaceAll(/<script\b[^>]*>.*?<\/script>/gs, "");
        expect(markup).not.toMatch(/<[^>]* (?:on[a-z]+|style)="|javascript:/i);
      }
    });
  });

  it("cookies are this host's alone, for TLS alone, and not for scripts or other sites", async () => {
    expect(set.length).toBeGreaterThanOrEqual(2);
    const { headers } = await act("chooseTheme", "/me", {});
    for (const line of [...set, ...headers.getSetCookie()]) {
      expect(line).toMatch(/^__Host-portcullis/);
      for (const word of ["Path=/", "HttpOnly", "Secure"]) expect(line.split("; ")).toContain(word);
      expect(line).toMatch(/SameSite=lax/i);
      expect(line).not.toMatch(/Domain=/i);
    }
    // Without the prefix it is no session: another host of the domain could have written it.
    const planted = cookie.replaceAll("__Host-", "");
    expect((await get("/me", { cookie: planted })).headers.get("location")).toContain("/sign-in");
  });

  it("a session that an attacker planted is not the one that a sign-in opens", async () => {
    const planted = "__Host-portcullis.session_token=planted.AAAA";
    const opened = await signInOverHttp(panel.url, ADMIN, { cookie: planted });
    expect(opened.cookie).toMatch(/session_token=[\w.%-]{40,}/);
    expect(opened.cookie).not.toContain("planted");
    expect((await get("/me", { cookie: planted })).headers.get("location")).toContain("/sign-in");
  });

  it("where somebody came from is the connection's address, whatever he writes", async () => {
    expect(await cli("audit", "list", "--action", "session.sign-in", "--json")).not.toContain("203.0.113.9");
  });

  it("no way back leads to another site", async () => {
    const pages = doors().filter(({ route, isPage }) => isPage && /^\/(?:sign-in|confirm)/.test(route));
    expect(pages.map(({ route }) => route)).toEqual([
      "/confirm",
      "/sign-in",
      "/sign-in/enrol",
      "/sign-in/second-factor",
    ]);
    const here = /^(?:\/(?![/\\])|https?:\/\/(?:127\.0\.0\.1|localhost)[:/])/;
    for (const { route } of pages)
      for (const next of EVIL_PATHS)
        for (const who of [cookie, ""]) {
          const response = await get(`${route}?next=${encodeURIComponent(next)}`, { cookie: who });
          const to = response.headers.get("location");
          if (to !== null) expect([route, next, to]).toEqual([route, next, expect.stringMatching(here)]);
          const body = await response.text();
          for (const [, value] of body.matchAll(/name="next"[^>]*value="([^"]*)"|NEXT_REDIRECT;\w+;([^;]*)/g))
            expect([route, next, value ?? "/"]).toEqual([route, next, expect.stringMatching(here)]);
        }
    for (const next of EVIL_PATHS) {
      const action = builtActions().find(({ name }) => name === "signIn")!;
      const { to } = await sendAction(panel.url, action, {
        fields: { ...ADMIN, next },
        // Known, so that sign-ins in a row are not slowed.
        cookie: cookie.replace(/[^;]*session_token=[^;]*;? ?/, ""),
      });
      expect([next, to]).toEqual([next, "/;push"]);
    }
  });

  describe("bodies", () => {
    /** Speaks HTTP by hand: what a polite client never sends. */
    const raw = async (head: string[], body = "") =>
      await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(panel.url).port), "127.0.0.1");
        let answer = "";
        socket.setTimeout(10_000, () => socket.destroy(new Error("It waits for the rest of the body.")));
        socket.on("data", (chunk) => {
          answer += String(chunk);
          // The answer is whole when its sentence is.
          if (/\r\n\r\n[^]*(?:done|body is)\./.test(answer)) socket.destroy();
        });
        socket.on("error", reject);
        socket.on("close", () => resolve(answer));
        socket.write(
          `${[...head, `Host: ${new URL(panel.url).host}`, `Origin: ${panel.url}`].join("\r\n")}\r\n\r\n${body}`,
        );
      });

    it.each([
      ["/sign-in", 1_000_001, "text/plain"],
      ["/accounts", 5_000_000_000, "text/plain"],
      ["/accounts/import", 17_000_001, "text/plain"],
      ["/api/v1/accounts/bulk", 1_000_001, "application/problem+json"],
    ])("to %s of %d bytes is 413 with a sentence, before it was sent", async (path, length, type) => {
      const answer = await raw([`POST ${path} HTTP/1.1`, `Content-Length: ${length}`], "x");
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain(`content-type: ${type}`);
      expect(answer).toMatch(/It is too large: at most [\d,]+ bytes are taken here\. Nothing was done\./);
    });

    it("that comes a byte every two seconds ends after half a minute", async () => {
      const took = await slow;
      expect(took).toBeGreaterThan(25_000);
      expect(took).toBeLessThan(40_000);
    });

    it("that doesn't say how long it is, is 411", async () => {
      const answer = await raw(["POST /sign-in HTTP/1.1", "Transfer-Encoding: chunked"], "5\r\nhello\r\n");
      expect(answer).toMatch(/^HTTP\/1\.1 411 /);
    });

    it("of a file of 12 MB comes whole, and one of 18 MB not at all", async () => {
      const line = `nobody@${DOMAIN},inherit,${"x".repeat(400)}\n`;
      const file = (size: number) => `address,pop3,reason\n${line.repeat(Math.ceil(size / line.length))}`;
      const check = builtActions().find(({ name }) => name === "check")!;
      const send = async (text: string) => {
        const form = new FormData();
        form.append("_1_file", new File([text], "rules.csv"));
        form.append("0", '[{"status":"idle","at":0},"$K1"]');
        return await fetch(`${panel.url}/accounts/import`, {
          method: "POST",
          body: form,
          headers: { "next-action": check.id, origin: panel.url, cookie },
        });
      };
      const twelve = file(12_000_000);
      const answer = await (await send(twelve)).text();
      expect(answer).toContain(`"lines":${twelve.split("\n").length - 2}`);
      const refused = await send(file(18_000_000)).then(
        ({ status }) => status,
        // The connection ends while it is still being sent.
        () => 413,
      );
      expect(refused).toBe(413);
    });
  });

  it("hostile strings by every way in are only ever text", async () => {
    const address = `<img/src=x/${MARK}/class=pwned>@${DOMAIN}`;
    const file = join(panel.home, "hostile.csv");
    const listed = [address, ...(await panel.accounts()).map((one) => one.address)];
    writeFileSync(file, `address\n${listed.map((one) => `"${one.replaceAll('"', '""')}"`).join("\n")}\n`);
    await cli("accounts", "sync", "--from", file);
    const login = { protocol: "imap", encryption: "none", mechanism: "PLAIN", password: "x" } as const;
    await wireLogin({ ...login, port: panel.ports.imap, user: HOSTILE });
    await wireLogin({ ...login, port: panel.ports.imap, user: address });
    await cli("accounts", "set", address, "pop3=deny", "--reason", HOSTILE);
    await cli("accounts", "suspend", address, "--reason", HOSTILE, "--ticket", HOSTILE.slice(0, 90));
    await cli("accounts", "note", address, "--text", HOSTILE, "--ticket", HOSTILE.slice(0, 60));
    await cli("domains", "note", DOMAIN, "--text", HOSTILE);
    await cli("mailserver", "set", "pop3_max_connections=7", "--reason", HOSTILE);
    await cli("mailserver", "freeze", "add", "+1h", "--reason", HOSTILE);
    await cli("token", "make", HOSTILE.slice(0, 100));
    await cli("panel", "set", `clients.resolver=${dns.address}`);
    dns.answers = [
      { type: "CNAME", name: `autoconfig.${DOMAIN}`, data: `<img/src=x/${MARK}>.example` },
      {
        type: "SRV",
        name: `_imaps._tcp.${DOMAIN}`,
        data: { target: `<img/src=x/${MARK}>.example`, port: 993 },
      },
    ];
    await act("setName", "/me", { name: HOSTILE.slice(0, 100) });
    await act("saveView", "/accounts", {
      name: HOSTILE.slice(0, 60),
      query: `?q=${encodeURIComponent(HOSTILE)}`,
    });
    await act("inviteOperator", "/operators", {
      email: "x'onerror=1@panel.example",
      role: "reviewer",
      scope: `<img/${MARK}>`,
      days: "1",
    });
    await act("signIn", "/sign-in", { email: `${HOSTILE}@x`, password: "x" });

    const { context, page, complaints } = await visit(browser, { insecure: true });
    const [, value = ""] = /session_token=([^;]*)/.exec(cookie) ?? [];
    await context.addCookies([
      {
        name: "__Host-portcullis.session_token",
        value,
        url: proxy.url,
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
      },
    ]);
    const q = encodeURIComponent(HOSTILE);
    const seen: string[] = [];
    for (const path of [
      "/",
      "/accounts?limit=200",
      `/accounts?q=${q}`,
      `/accounts?imap=${q}`,
      `/accounts/${encodeURIComponent(address)}`,
      `/domains/${DOMAIN}`,
      `/domains/${DOMAIN}/clients?check=1`,
      "/changes/1",
      "/sessions",
      `/sessions?user=${q}`,
      "/mailserver/history",
      `/mailserver/history?q=${q}`,
      "/mailserver/history/2",
      "/mailserver/timetable",
      "/jobs",
      "/alerts",
      "/guide",
      "/audit",
      `/audit?q=${q}`,
      "/operators",
      "/me",
      "/me/tokens",
      `/sign-in?next=${q}`,
      `/${q}`,
    ]) {
      await page.goto(proxy.url + path);
      expect([path, await page.evaluate(() => "pwned" in globalThis)]).toEqual([path, false]);
      expect([
        path,
        await page.locator('.pwned, img[src="x"], [onerror], [onload], a[href^="javascript:"]').count(),
      ]).toEqual([path, 0]);
      if ((await page.locator("body").innerText()).includes(MARK)) seen.push(path);
    }
    await page.goto(`${proxy.url}/domains/${DOMAIN}/clients`);
    await page.getByRole("button", { name: "Ask DNS now" }).click();
    await expect.poll(async () => await page.locator("main").innerText()).toContain("DNS still has");
    expect(await page.locator('.pwned, img[src="x"], [onerror]').count()).toBe(0);
    // They did get in, and are shown.
    expect(seen).toEqual(
      expect.arrayContaining([
        "/accounts?limit=200",
        "/audit",
        "/me",
        "/me/tokens",
        "/mailserver/history",
        "/mailserver/timetable",
      ]),
    );
    expect(complaints.filter((one) => !/404|status of 40/.test(one))).toEqual([]);
    await context.close();
    const csv = await (await get("/accounts/export?format=csv")).text();
    expect(csv).not.toMatch(/(?:^|,)"?[=+@-]/m);
    await cli("mailserver", "freeze", "remove", "1");
  });

  it("no secret is in a log, a page, an error or a list of processes", async () => {
    const secrets: Record<string, string> = {
      password: ADMIN.password,
      session: decodeURIComponent(/session_token=([^;]*)/.exec(cookie)?.[1] ?? "").split(".")[0] ?? "",
      webhook: "webhook-secret-8d1f",
      smtp: "smtp-password-77ab",
      token: (JSON.parse(await cli("token", "make", "secret", "--json")) as { token: string }).token,
    };
    await act("saveOptions", "/settings/hooks", {
      group: "hooks",
      version: "0",
      webhookUrl: "http://127.0.0.1:9/",
      webhookSecret: secrets.webhook ?? "",
    });
    await cli(
      "panel",
      "set",
      `hooks.webhookSecret=${secrets.webhook}`,
      "hooks.webhookUrl=http://127.0.0.1:9/x",
    );
    await cli(
      "panel",
      "set",
      "alerts.smtpHost=127.0.0.1",
      "alerts.smtpSecurity=none",
      "alerts.smtpUser=u",
      `alerts.smtpPassword=${secrets.smtp}`,
      "alerts.mailFrom=a@panel.example",
      "alerts.mailTo=b@panel.example",
    );
    const invited = await act("inviteOperator", "/operators", {
      email: "ben@panel.example",
      role: "reviewer",
      scope: "",
      days: "1",
    });
    secrets.invitation = /\/invite\/([\w-]{43})/.exec(invited.body)?.[1] ?? "";
    expect(Object.entries(secrets).filter(([, value]) => value.length < 15)).toEqual([]);
    const has = (text: string) =>
      Object.entries(secrets).flatMap(([name, value]) => (text.includes(value) ? [name] : []));

    // Told to be wrong, in every way that is logged or answered.
    await signInOverHttp(panel.url, { ...ADMIN, email: "nobody@panel.example" });
    for (const path of ["/api/v1/token", "/api/v1/nothing", "/api/v1/accounts?q=%00"]) {
      const response = await fetch(panel.url + path, {
        headers: { authorization: `Bearer ${secrets.token}x` },
      });
      expect([path, has(await response.text())]).toEqual([path, []]);
    }
    for (const { route } of doors().filter(({ route: one }) => !one.includes("[")))
      for (const headers of [{ cookie }, { cookie, rsc: "1" }] as Record<string, string>[]) {
        const response = await get(route, headers);
        if (route.endsWith("/steps")) await response.body?.cancel();
        else expect([route, has(await response.text())]).toEqual([route, []]);
      }
    for (const name of ["panel.log", ...(panel.isPrivate ? ["dovecot.out"] : [])])
      expect([name, has(readFileSync(join(panel.home, name), "utf8"))]).toEqual([name, []]);
    expect(has(panel.output())).toEqual([]);
    expect(has(await cli("audit", "export", "--format", "json"))).toEqual([]);
    expect(has(await cli("panel", "list", "--json"))).toEqual([]);
    const children = childrenOf(await panel.pids());
    expect(children.length).toBeGreaterThanOrEqual(3);
    for (const pid of children) expect([pid, has(printedBy(pid))]).toEqual([pid, []]);
  });

  it("whoever has no account waits as long as whoever has one", async () => {
    const time = async (email: string) => {
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const began = performance.now();
        await signInOverHttp(panel.url, { email, password: "not this one, not at all" });
        times.push(performance.now() - began);
      }
      return times.toSorted((a, b) => a - b)[2] ?? 0;
    };
    const [known, unknown] = [await time(ADMIN.email), await time("nobody-knows@panel.example")];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(2);
  });
});
