import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { parse } from "plist";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTLOOK_SCHEMA } from "@/lib/core/client-config/autodiscover";
import type { ClientsView } from "@/lib/core/client-config/views";
import { clientToken } from "@/lib/server/client-config/links";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { openBrowser, pageFaults, visit } from "../support/browser";
import { below, parseXml, partsOf } from "../support/client-config";
import { startDns, type TestDns } from "../support/dns-server";
import { operatorOf } from "../support/operator";
import { type RunningPanel, startPanel } from "../support/panel";
import { runToEnd } from "../support/run-script";
import { makeSigningFiles, type SigningFiles, verified } from "../support/signing";

const DOMAIN = "riverside.example";
const ANNA = `anna@${DOMAIN}`;
const NOBODY = `nobody-at-all@${DOMAIN}`;

describe("client configuration", () => {
  let panel: RunningPanel;
  let browser: Browser;
  let dns: TestDns;
  let folder: string;
  let signing: SigningFiles;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-signing-"));
    signing = makeSigningFiles(folder);
    [panel, browser, dns] = await Promise.all([startPanel(), openBrowser(), startDns([])]);
    // The panel signs by itself, so that the key must be its user's.
    const { uid, gid } = statSync(panel.home);
    for (const name of ["", ...readdirSync(folder)]) chownSync(join(folder, name), uid, gid);
  });
  afterAll(async () => {
    await browser?.close();
    await dns?.close();
    await panel?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = operatorOf(
    () => browser,
    () => panel.url,
  );

  const cli = async (...args: string[]) => {
    const ran = await panel.cli(...args);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    return ran.stdout;
  };
  const set = async (options: Record<string, string>) => {
    const db = openDatabase(homeAt(panel.home).database);
    const saved = await savePanelSettings(db, { name: "tester", origin: "cli" }, "clients", options);
    await db.$disconnect();
    expect(saved).toMatchObject({ ok: true });
  };
  const told = async (...args: string[]) =>
    JSON.parse(await cli("domains", "clients", DOMAIN, "--json", ...args)) as ClientsView;
  const thunderbird = async (address: string, path = "/mail/config-v1.1.xml") =>
    await fetch(`${panel.url}${path}?emailaddress=${encodeURIComponent(address)}`);
  const outlook = async (body: string, path = "/autodiscover/autodiscover.xml") =>
    await fetch(panel.url + path, { method: "POST", body, headers: { "content-type": "text/xml" } });
  const question = (address: string, schema = OUTLOOK_SCHEMA) =>
    `<?xml version="1.0"?><a:Autodiscover xmlns:a="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><a:Request><a:EMailAddress>${address}</a:EMailAddress><a:AcceptableResponseSchema>${schema}</a:AcceptableResponseSchema></a:Request></a:Autodiscover>`;
  const incoming = (xml: string) =>
    below(parseXml(xml), "incomingServer").map((one) => [
      one.getAttribute("type"),
      ...["hostname", "port", "socketType"].map((name) => partsOf(one)[name]),
    ]);
  const linkOn = async (page: Page) => {
    await page.getByRole("button", { name: "Make a link" }).click();
    const field = page.getByLabel("Link", { exact: true });
    await field.waitFor();
    return await field.inputValue();
  };

  it("tells Thunderbird what is open, by both addresses, and by the host's name without an address", async () => {
    const host = `mail.${DOMAIN}`;
    const everything = [
      ["imap", host, String(panel.ports.imaps), "SSL"],
      ["imap", host, String(panel.ports.imap), "STARTTLS"],
      ["pop3", host, String(panel.ports.pop3s), "SSL"],
      ["pop3", host, String(panel.ports.pop3), "STARTTLS"],
    ];
    for (const path of ["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"]) {
      const response = await thunderbird(ANNA, path);
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        "text/xml; charset=utf-8",
      ]);
      expect(incoming(await response.text())).toEqual(everything);
    }
    const { stdout } = await byHost(`${panel.url}/mail/config-v1.1.xml`, `autoconfig.${DOMAIN}`);
    expect(incoming(stdout)).toEqual(everything);
  });

  it("tells Outlook, however the address is written", async () => {
    for (const path of ["/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml"]) {
      const response = await outlook(question(ANNA), path);
      expect(response.status, path).toBe(200);
      const protocols = below(parseXml(await response.text()), "Protocol").map(partsOf);
      expect(
        protocols.map(({ Type, Port, Encryption, LoginName }) => [Type, Port, Encryption, LoginName]),
      ).toEqual([
        ["IMAP", String(panel.ports.imaps), "SSL", ANNA],
        ["POP3", String(panel.ports.pop3s), "SSL", ANNA],
      ]);
    }
  });

  it("answers the same whether or not there is the mailbox, and nothing of a domain that isn't here", async () => {
    await cli("panel", "set", "clients.outgoingHost=smtp.riverside.example", "clients.outgoingPort=465");
    const three = async (address: string) => {
      const profile = `${panel.url}/mail/apple.mobileconfig?emailaddress=${encodeURIComponent(address)}`;
      const answers = [await thunderbird(address), await outlook(question(address)), await fetch(profile)];
      return await Promise.all(
        answers.map(async (one) => {
          const text = (await one.text())
            .replaceAll(address, "X")
            .replaceAll(/[0-9A-F]{8}(?:-[0-9A-F]{4,12}){4}/g, "U");
          return [one.status, [...one.headers.keys()].toSorted(), text];
        }),
      );
    };
    expect(await three(ANNA)).toEqual(await three(NOBODY));
    expect((await three(ANNA)).map(([status]) => status)).toEqual([200, 200, 200]);
    const unknown = await three("anna@elsewhere.example");
    expect(unknown.map(([status, , text]) => [status, text])).toEqual(
      Array.from({ length: 3 }, () => [404, "Not found.\n"]),
    );
    expect(await three("anna")).toEqual(unknown);
    expect(await three(`${ANNA}@elsewhere.example`)).toEqual(unknown);
  });

  it("takes no long, damaged or foreign question", async () => {
    expect((await outlook(question(`${"a".repeat(9000)}@${DOMAIN}`))).status).toBe(413);
    for (const body of ["", "anna", "<a>", question(""), `<!DOCTYPE a [<!ENTITY x "y">]>${question("&x;")}`])
      expect((await outlook(body)).status, body).toBe(400);
    expect((await outlook(question(ANNA, "http://schemas.microsoft.com/other"))).status).toBe(404);
    expect((await fetch(`${panel.url}/autodiscover/autodiscover.xml`)).status).toBe(405);
    expect((await thunderbird("\u0000@x")).status).toBe(404);
  });

  it("signs the profile with the certificate that is set, verified by OpenSSL; broken, it gives none out", async () => {
    const url = `${panel.url}/mail/apple.mobileconfig?emailaddress=${ANNA}`;
    const unsigned = await fetch(url);
    expect(unsigned.headers.get("content-type")).toBe("application/x-apple-aspen-config");
    const plain = await unsigned.text();
    expect(parse(plain)).toMatchObject({
      PayloadContent: [
        {
          EmailAddress: ANNA,
          EmailAccountType: "EmailTypeIMAP",
          IncomingMailServerPortNumber: panel.ports.imaps,
          OutgoingMailServerHostName: "smtp.riverside.example",
        },
      ],
    });
    await set({ signCertificate: signing.certificate, signKey: signing.key });
    expect((await told()).profile.state).toBe("signed");
    const message = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(verified(message, signing)).toBe(plain);
    const at = Buffer.from(message).indexOf("smtp.riverside.example");
    expect(at).toBeGreaterThan(0);
    const changed = message.with(at, message[at]! ^ 1);
    expect(() => verified(changed, signing)).toThrow();

    await set({ signKey: join(folder, "ca.key") });
    expect((await fetch(url)).status).toBe(503);
    expect((await told()).profile).toMatchObject({ state: "failing" });
    await set({ signCertificate: "", signKey: "" });
  });

  it("makes a link to an account's own set-up: by its own rules, for whoever has it, until it expires", async () => {
    await cli("domains", "set", DOMAIN, "pop3=deny", "--reason", "moving");
    await cli("accounts", "set", ANNA, "pop3=allow", "imap=deny", "--reason", "old scanner");
    expect(incoming(await (await thunderbird(ANNA)).text()).map(([type]) => type)).toEqual(["imap", "imap"]);

    const page = await open(`/accounts/${encodeURIComponent(ANNA)}`);
    const link = await linkOn(page);
    expect(await pageFaults(page)).toEqual([]);
    const { page: own, context, complaints } = await visit(browser, { javaScript: false, narrow: true });
    await own.goto(link);
    expect(await own.locator("main").innerText()).toMatch(
      new RegExp(`${ANNA}[\\s\\S]*POP3[\\s\\S]*${panel.ports.pop3s}[\\s\\S]*Outgoing`),
    );
    expect(await own.locator("main").innerText()).not.toContain("IMAP");
    expect(complaints).toEqual([]);
    await context.close();
    expect(incoming(await (await fetch(`${link}/config-v1.1.xml`)).text()).map(([type]) => type)).toEqual([
      "pop3",
      "pop3",
    ]);
    const profile = await fetch(`${link}/mail.mobileconfig`);
    expect(parse(await profile.text())).toMatchObject({
      PayloadContent: [{ EmailAccountType: "EmailTypePOP", IncomingMailServerUsername: ANNA }],
    });
  });

  it("shows nothing by a link that has expired, was changed, or whose account isn't there", async () => {
    const expired = await clientToken(homeAt(panel.home), ANNA, -0.001);
    const good = await clientToken(homeAt(panel.home), ANNA, 1);
    expect((await fetch(`${panel.url}/client-setup/${good.token}/config-v1.1.xml`)).status).toBe(200);
    const [content = "", signature = ""] = good.token.split(".");
    const other = Buffer.from(Buffer.from(content, "base64url").toString().replace("anna", "chloe"));
    const gone = await clientToken(homeAt(panel.home), NOBODY, 1);
    for (const token of [
      expired.token,
      gone.token,
      `${other.toString("base64url")}.${signature}`,
      `${content}.${signature.slice(0, -4)}AAAA`,
      `${content}.`,
      content,
      "x".repeat(5000),
    ]) {
      for (const rest of ["/config-v1.1.xml", "/mail.mobileconfig"])
        expect((await fetch(`${panel.url}/client-setup/${token}${rest}`)).status, token + rest).toBe(404);
      const shown = await (await fetch(`${panel.url}/client-setup/${token}`)).text();
      expect(shown, token).toContain("<h1>This link can’t be used</h1>");
      expect(shown, token).not.toContain("riverside");
    }
  });

  it("tells the owner of a suspended account that nothing is open, and not why", async () => {
    const { token } = await clientToken(homeAt(panel.home), ANNA, 1);
    const link = `${panel.url}/client-setup/${token}`;
    await cli("accounts", "suspend", ANNA, "--reason", "unpaid bill");
    const suspended = await (await fetch(link)).text();
    expect(suspended).toContain("Nothing is open for this mailbox now.");
    expect(suspended).not.toContain("unpaid");
    expect((await fetch(`${link}/config-v1.1.xml`)).status).toBe(404);
    await cli("accounts", "resume", ANNA, "--reason", "paid");
  });

  it("makes none for an address that no listing names", async () => {
    const page = await open(`/accounts/${encodeURIComponent(NOBODY)}`);
    await page.getByRole("button", { name: "Make a link" }).click();
    await page.getByText("a link would lead to nothing").waitFor();
  });

  it("shows what is told and what to publish, and asks DNS only when somebody wants to know", async () => {
    const path = `/domains/${DOMAIN}/clients`;
    expect((await panel.cli("domains", "clients", DOMAIN, "--check")).code).toBe(2);
    await set({ resolver: dns.address });
    const host = `mail.${DOMAIN}`;
    const port = panel.ports.imaps;
    const srv = (service: string, target: string, at: number, priority = 0, weight = 1) => ({
      type: "SRV" as const,
      name: `_${service}._tcp.${DOMAIN}`,
      data: { priority, weight, port: at, target },
    });
    dns.answers = [
      srv("imaps", host, port),
      srv("pop3s", host, 995),
      srv("pop3", ".", 0, 0, 0),
      { type: "CNAME", name: `autoconfig.${DOMAIN}`, data: "elsewhere.example" },
      { type: "A", name: host, data: "192.0.2.7" },
    ];

    const page = await open(`/domains/${DOMAIN}`);
    await page.getByRole("link", { name: /^Mail programs/ }).click();
    await page.getByRole("heading", { name: `Mail programs of ${DOMAIN}` }).waitFor();
    const servers = page.getByRole("table", { name: "Servers that programs are told" });
    expect(await servers.innerText()).toMatch(new RegExp(`IMAP\\s+${host}\\s+${port}\\s+TLS`));
    expect(await page.locator("main").innerText()).toMatch(/POP3 is not told\. POP3 is denied .*moving/);
    expect(await page.getByLabel("The same for a zone file").inputValue()).toContain(
      `_imaps._tcp.${DOMAIN}. IN SRV 0 1 ${port} ${host}.\n`,
    );
    expect(dns.asked).toEqual([]);

    await page.getByRole("button", { name: "Ask DNS now" }).click();
    await page.waitForURL(/check=1/);
    const row = (name: string) =>
      page
        .getByRole("table", { name: "Records to publish" })
        .getByRole("row")
        .filter({ hasText: `${name}.` });
    const says = async (name: string) => await row(name).locator("td").last().innerText();
    expect(await says("_imaps._tcp")).toBe("DNS says so.");
    expect(await says("_imap._tcp")).toBe("DNS has no such record.");
    expect(await says("_pop3s._tcp")).toMatch(
      /^DNS still has 0 1 995 .*leads programs to what is not offered/,
    );
    expect(await says("_pop3._tcp")).toBe("DNS says so.");
    expect(await says("autoconfig")).toBe("DNS still has elsewhere.example. there.");
    expect(await page.locator("main").innerText()).toContain("DNS has 192.0.2.7.");
    expect(await pageFaults(page)).toEqual([]);
    expect(await pageFaults(await open(`${path}?check=1`, { narrow: true, dark: true }))).toEqual([]);

    const checked = await told("--check");
    expect(checked.dns?.records.map(({ state }) => state)).toEqual([
      "as-told",
      "missing",
      "differs",
      "as-told",
      "missing",
      "differs",
      "missing",
    ]);
    dns.refuses = true;
    expect((await told("--check")).dns?.records.map(({ state }) => state)).toEqual(
      Array.from({ length: 7 }, () => "unknown"),
    );
    expect((await told()).dns).toBeNull();
  });

  it("says of a domain that isn't here that nobody is told anything", async () => {
    const page = await open("/domains/elsewhere.example/clients", { javaScript: false });
    await page.getByText("No listing names an account of elsewhere.example there").waitFor();
    expect(await page.getByRole("table", { name: "Records to publish" }).count()).toBe(0);
    expect((await panel.cli("domains", "clients", "*")).code).toBe(2);
  });

  it("follows a protocol that is switched off, at once", async () => {
    await cli("domains", "set", DOMAIN, "pop3=inherit");
    await cli("mailserver", "set", "imap=off");
    expect(incoming(await (await thunderbird(ANNA)).text()).map(([type]) => type)).toEqual(["pop3", "pop3"]);
    await cli("mailserver", "set", "imap=on");
    expect(incoming(await (await thunderbird(ANNA)).text())).toHaveLength(4);
  });
});

/** `fetch` sends no Host of one's own. */
async function byHost(url: string, host: string): Promise<{ stdout: string }> {
  return await runToEnd("curl", ["-s", "-H", `Host: ${host}`, url]);
}
