import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Edit } from "@/lib/core/access/edits";
import type { ClientConfig } from "@/lib/core/client-config/told";
import { changeAccess } from "@/lib/server/access/change";
import { clientsView } from "@/lib/server/client-config/clients-view";
import { isServed, toldOfAccount, toldOfDomain } from "@/lib/server/client-config/config";
import { serverFacts } from "@/lib/server/client-config/server-facts";
import { keepListing } from "@/lib/server/keeper/keep-listing";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { savePanelSettings } from "@/lib/server/panel-settings";
import { DOVECOTS } from "../support/dovecot-versions";
import { readByImap, readByPop3 } from "../support/mail-clients";
import { save, startSandbox, type TestSandbox } from "../support/sandbox";

const TESTER = { name: "tester", origin: "cli" as const };
const DOMAIN = "riverside.example";

describe.each(DOVECOTS)("what mail programs are told of Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startSandbox(dovecot);
    await keepListing(sandbox.node);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const facts = async () => {
    const found = await serverFacts(sandbox.node, await mailserverStatus(sandbox.node));
    if (!found) throw new Error("The server's configuration can be read here.");
    return found;
  };
  const view = async () => await clientsView(sandbox.node, await mailserverStatus(sandbox.node), DOMAIN);
  const words = (config: Pick<ClientConfig, "incoming"> | null) =>
    config?.incoming.map(({ protocol, port, security }) => `${protocol} ${port} ${security}`) ?? [];
  const set = async (...edits: Edit[]) =>
    await changeAccess(sandbox.node, { actor: TESTER, rank: "administrator", reason: "", edits });
  const policy = (subject: string, protocol: "imap" | "pop3", state: "allow" | "deny" | "inherit"): Edit => ({
    kind: "policy",
    subject,
    protocol,
    state,
    until: null,
  });
  const file = (name: string) => join(dirname(sandbox.configFile), name);

  it("works: a real program that does what it is told reads its mail, by every way", async () => {
    const { incoming } = await view();
    const { imap, imaps, pop3, pop3s } = sandbox.ports;
    expect(words({ incoming })).toEqual([
      `imap ${imaps} tls`,
      `imap ${imap} starttls`,
      `pop3 ${pop3s} tls`,
      `pop3 ${pop3} starttls`,
    ]);
    const account = sandbox.accounts[0]!;
    for (const { protocol, port, security } of incoming) {
      if (security === "none") throw new Error("Nothing is told without TLS.");
      if (protocol === "imap")
        expect((await readByImap({ port, account, encryption: security })).length).toBeGreaterThan(0);
      // The client of these tests can't do STARTTLS by POP3.
      else if (security === "tls")
        expect(await readByPop3({ port, account, encryption: "tls" })).toBeGreaterThan(0);
    }
  });

  it("follows ports and protocols of the server, and DNS is to say so too", async () => {
    await save(sandbox, { imap_tls_only: true, pop3: false });
    const told = await view();
    expect(words(told)).toEqual([`imap ${sandbox.ports.imaps} tls`]);
    expect(told.closed).toEqual([{ protocol: "pop3", because: "POP3 is off for the whole server." }]);
    expect(told.records.map(({ name, data }) => [name.split(".")[0], data.split(" ").at(-1)])).toEqual([
      ["_imaps", `mail.${DOMAIN}.`],
      ["_imap", "."],
      ["_pop3s", "."],
      ["_pop3", "."],
      ["autoconfig", `mail.${DOMAIN}.`],
      ["_autodiscover", `mail.${DOMAIN}.`],
    ]);
    await save(sandbox, { imap_tls_only: false, pop3: true });
    expect(words(await view())).toHaveLength(4);
  });

  it("follows the rules of the domain, and for one account its own", async () => {
    const [anna, ben] = ["anna", "ben"].map((name) => ({ address: `${name}@${DOMAIN}`, domain: DOMAIN }));
    await set(policy(`@${DOMAIN}`, "imap", "deny"), policy(anna!.address, "imap", "allow"));
    const of = async (account: { address: string; domain: string }) =>
      words((await toldOfAccount(sandbox.node.db, await facts(), account)).config).map(
        (one) => one.split(" ")[0],
      );
    expect(words(await view()).every((one) => one.startsWith("pop3"))).toBe(true);
    expect(await of(ben!)).toEqual(["pop3", "pop3"]);
    expect(await of(anna!)).toEqual(["imap", "imap", "pop3", "pop3"]);
    await set(policy(`@${DOMAIN}`, "imap", "inherit"), policy(anna!.address, "imap", "inherit"));
  });

  it("looks no mailbox up for a domain: it answers as well when there is no table of them", async () => {
    const before = await toldOfDomain(sandbox.node.db, await facts(), DOMAIN);
    await sandbox.node.db.$executeRawUnsafe('ALTER TABLE "Account" RENAME TO "Hidden"');
    try {
      await expect(sandbox.node.db.account.count()).rejects.toThrow();
      expect(await isServed(sandbox.node.db, DOMAIN)).toBe(true);
      expect(await isServed(sandbox.node.db, "elsewhere.example")).toBe(false);
      expect(await toldOfDomain(sandbox.node.db, await facts(), DOMAIN)).toEqual(before);
    } finally {
      await sandbox.node.db.$executeRawUnsafe('ALTER TABLE "Hidden" RENAME TO "Account"');
    }
  });

  it("a domain with rules and no account is not served, and one that was listed is", async () => {
    await set(policy("@ruled.example", "pop3", "deny"));
    expect(await isServed(sandbox.node.db, "ruled.example")).toBe(false);
    expect(await isServed(sandbox.node.db, "")).toBe(false);
    expect(await isServed(sandbox.node.db, "harbour.example")).toBe(true);
  });

  it("takes the server's name from the settings, or from what its certificate is good for", async () => {
    expect(await view()).toMatchObject({ hostFrom: "domain", certificateCovers: false });
    const found = readFileSync(file("cert.pem"), "utf8");
    const { cert } = await generate([{ name: "commonName", value: "x" }], {
      keyType: "rsa",
      algorithm: "sha256",
      extensions: [
        {
          name: "subjectAltName",
          altNames: [
            { type: 2, value: "mx.harbour.example" },
            { type: 2, value: "*.harbour.example" },
          ],
        },
      ],
    });
    writeFileSync(file("cert.pem"), cert);
    expect(await view()).toMatchObject({
      host: "mx.harbour.example",
      hostFrom: "certificate",
      certificateCovers: true,
    });
    await savePanelSettings(sandbox.node.db, TESTER, "clients", { host: "imap.riverside.example" });
    const told = await view();
    expect(told).toMatchObject({ host: "imap.riverside.example", hostFrom: "setting" });
    expect(told.warnings.join()).toContain("certificate is not good for imap.riverside.example");
    await savePanelSettings(sandbox.node.db, TESTER, "clients", { host: "" });
    writeFileSync(file("cert.pem"), found);
  });

  it("prefers what the settings prefer", async () => {
    await savePanelSettings(sandbox.node.db, TESTER, "clients", { order: "pop3" });
    expect(words(await view()).map((one) => one.slice(0, 4))).toEqual(["pop3", "pop3", "imap", "imap"]);
    await savePanelSettings(sandbox.node.db, TESTER, "clients", { order: "imap" });
  });

  it("reads TLS and mechanisms as this version writes them", async () => {
    const found = readFileSync(sandbox.configFile, "utf8");
    const login = async () => (await facts()).login;
    const plain = { tlsOn: true, cleartextAllowed: false, mechanisms: ["plain"] };
    expect(await login()).toEqual({ imap: plain, pop3: plain });
    writeFileSync(
      sandbox.configFile,
      found.replace(
        "ssl = yes",
        "ssl = no\nauth_mechanisms = PLAIN cram-md5\nprotocol pop3 {\n  ssl = required\n}",
      ),
    );
    const mechanisms = ["plain", "cram-md5"];
    expect(await login()).toEqual({
      imap: { tlsOn: false, cleartextAllowed: false, mechanisms },
      pop3: { tlsOn: true, cleartextAllowed: false, mechanisms },
    });
    writeFileSync(sandbox.configFile, found);
    await save(sandbox, { plaintext_auth: true }, { acceptWarnings: true });
    expect((await login()).imap.cleartextAllowed).toBe(true);
    await save(sandbox, { plaintext_auth: false });
  });

  it("tells nothing while its configuration can't be read, and says so to the operator", async () => {
    const found = readFileSync(sandbox.configFile, "utf8");
    writeFileSync(sandbox.configFile, `${found}\nnonsense\n`);
    const told = await view();
    writeFileSync(sandbox.configFile, found);
    expect(told).toMatchObject({ incoming: [], records: [] });
    expect(told.warnings.join()).toMatch(/Nothing can be told now\. .*can't read its configuration/);
  });
});
