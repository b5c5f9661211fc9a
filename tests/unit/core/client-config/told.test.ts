import { describe, expect, it } from "vitest";
import type { Decision } from "@/lib/core/access/decide";
import { type Door, type LoginFacts, toldProtocol } from "@/lib/core/client-config/told";

const ALLOWED: Decision = { effective: "allow", layer: "default", because: "IMAP is allowed." };
const DENIED: Decision = { effective: "deny", layer: "domain", because: "IMAP is denied for its domain." };
const LOGIN: LoginFacts = { tlsOn: true, cleartextAllowed: false, mechanisms: ["plain"] };

const door = (port: number, more: Partial<Door> = {}): Door => ({
  protocol: "imap",
  address: "*",
  port,
  tls: port === 993,
  haproxy: false,
  wanted: "open",
  seen: "open",
  ...more,
});

const told = (doors: Door[], login: Partial<LoginFacts> = {}, decision = ALLOWED) =>
  toldProtocol("imap", doors, { ...LOGIN, ...login }, decision);
const ports = (...args: Parameters<typeof told>) =>
  told(...args).servers.map(({ port, security, proof }) => [port, security, proof]);

describe("what is told of a protocol", () => {
  it("is what is open, with TLS from the first byte before STARTTLS, each port once", () => {
    expect(ports([door(143), door(143, { address: "::" }), door(993)])).toEqual([
      [993, "tls", "cleartext"],
      [143, "starttls", "cleartext"],
    ]);
  });

  it.each([
    ["it is to be closed", { wanted: "closed" }],
    ["it was seen closed", { seen: "closed" }],
    ["it is another protocol's", { protocol: "pop3" }],
  ] as const)("is not a port when %s", (_why, more) => {
    expect(told([door(993, more)])).toMatchObject({ servers: [], because: "No port of IMAP is seen open." });
  });

  it("is a port that hangs: a program that asks just then would be set up with the other protocol for good", () => {
    expect(ports([door(993, { seen: "failing" })])).toEqual([[993, "tls", "cleartext"]]);
  });

  it("is nothing where the rules deny it, with their sentence", () => {
    expect(told([door(993)], {}, DENIED)).toMatchObject({ servers: [], because: DENIED.because });
  });

  it.each(["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])(
    "leaves out what only this host reaches by %s, unless everything is so",
    (address) => {
      const local = door(143, { address });
      expect(ports([local, door(993)])).toEqual([[993, "tls", "cleartext"]]);
      expect(told([local, door(993)]).notes).toEqual([
        "IMAP port 143 is not told: it is open to programs on this host only.",
      ]);
      expect(ports([local, door(995, { protocol: "pop3" })])).toEqual([]);
      expect(ports([local, door(995, { protocol: "pop3", seen: "closed" })])).toEqual([
        [143, "starttls", "cleartext"],
      ]);
    },
  );

  it("leaves out what wants a PROXY header", () => {
    expect(told([door(993, { haproxy: true })])).toMatchObject({
      because: "No port of IMAP is one that mail programs can use.",
      notes: [expect.stringContaining("PROXY header")],
    });
  });

  it("without TLS leaves out the ports of TLS, and a port that then takes no password", () => {
    const both = [door(143), door(993)];
    expect(ports(both, { tlsOn: false })).toEqual([]);
    expect(ports(both, { tlsOn: false, cleartextAllowed: true })).toEqual([[143, "none", "cleartext"]]);
    expect(ports(both, { tlsOn: false, mechanisms: ["plain", "cram-md5"] })).toEqual([
      [143, "none", "encrypted"],
    ]);
  });

  it("tells a challenge only where a password as it is can't be had, and nothing of what the formats don't know", () => {
    expect(ports([door(993)], { mechanisms: ["login", "cram-md5"] })).toEqual([[993, "tls", "cleartext"]]);
    expect(ports([door(993)], { mechanisms: ["cram-md5"] })).toEqual([[993, "tls", "encrypted"]]);
    expect(ports([door(993)], { mechanisms: ["gssapi"] })).toEqual([]);
  });
});
