import { describe, expect, it } from "vitest";
import { dnsName, isHostName, mailHost } from "@/lib/core/client-config/names";
import { publishedState } from "@/lib/core/client-config/published";
import { type DnsRecord, recordData, recordsFor } from "@/lib/core/client-config/records";
import { clientOptions } from "@/lib/core/panel/clients";
import { readOptions } from "@/lib/core/panel/option";
import { TOLD } from "../../../support/client-config";
import { HOSTILE } from "../../../support/hostile-strings";

const lines = (...args: Parameters<typeof recordsFor>) =>
  recordsFor(...args).map((record) => `${record.name} ${record.type} ${recordData(record)}`);

describe("the records to publish", () => {
  it("lead to what is open, in the order of preference, and say of the rest that it isn't offered", () => {
    expect(lines({ ...TOLD, webHost: "web.site.example" })).toEqual([
      "_imaps._tcp.site.example SRV 0 1 993 mail.site.example.",
      "_imap._tcp.site.example SRV 10 1 143 mail.site.example.",
      "_pop3s._tcp.site.example SRV 20 1 995 mail.site.example.",
      "_pop3._tcp.site.example SRV 0 0 0 .",
      "_submission._tcp.site.example SRV 0 1 587 smtp.site.example.",
      "autoconfig.site.example CNAME web.site.example.",
      "_autodiscover._tcp.site.example SRV 0 0 443 web.site.example.",
    ]);
  });

  it("say of everything that it isn't offered where nothing is, and don't point a name at itself", () => {
    const facts = { ...TOLD, incoming: [], outgoing: null, webHost: "autoconfig.site.example" };
    expect(lines(facts)).toEqual([
      ...["imaps", "imap", "pop3s", "pop3"].map((service) => `_${service}._tcp.site.example SRV 0 0 0 .`),
      "_autodiscover._tcp.site.example SRV 0 0 443 autoconfig.site.example.",
    ]);
  });

  it("are in ASCII, and none for a name that DNS can't have", () => {
    expect(lines({ ...TOLD, domain: "bücher.example", webHost: "w.example" })[0]).toBe(
      "_imaps._tcp.xn--bcher-kva.example SRV 0 1 993 mail.site.example.",
    );
    for (const domain of [
      ...Object.values(HOSTILE),
      "a b.example",
      "x.example/..",
      "192.0.2.1",
      "localhost",
      "a..b",
    ]) {
      const name = dnsName(domain);
      if (name === undefined) expect(recordsFor({ ...TOLD, domain, webHost: "w.example" })).toEqual([]);
      else expect(isHostName(name), domain.slice(0, 50)).toBe(true);
    }
    expect(["a b.example", "x.example/..", "192.0.2.1", "localhost", "a\nb.example"].map(dnsName)).toEqual(
      Array.from({ length: 5 }),
    );
  });
});

describe("the name of the mail server", () => {
  const named = (...args: Parameters<typeof mailHost>) => {
    const found = mailHost(...args);
    return found && [found.host, found.from, found.isCovered];
  };

  it("is the one that is set, whatever the certificate says, which is told", () => {
    expect(named("a.example", "imap.b.example", ["b.example"])).toEqual(["imap.b.example", "setting", false]);
    expect(named("a.example", "imap.b.example", null)).toEqual(["imap.b.example", "setting", null]);
  });

  it("else mail. and the domain where the certificate is good for it, else a name of the certificate", () => {
    expect(named("a.example", "", ["mail.a.example"])).toEqual(["mail.a.example", "domain", true]);
    expect(named("a.example", "", ["x.example", "*.a.example"])).toEqual(["mail.a.example", "domain", true]);
    expect(named("b.a.example", "", ["*.a.example", "mx.a.example"])).toEqual([
      "mx.a.example",
      "certificate",
      true,
    ]);
    expect(named("a.example", "", ["localhost"])).toEqual(["mail.a.example", "domain", false]);
    expect(named("a.example", "", null)).toEqual(["mail.a.example", "domain", null]);
    expect(named("a b", "", [])).toBeUndefined();
  });
});

describe("what DNS says", () => {
  const [imaps, , , pop3] = recordsFor({ ...TOLD, webHost: "w.example" }) as [
    DnsRecord,
    DnsRecord,
    DnsRecord,
    DnsRecord,
  ];
  const found = (port: number, target: string) => ({ priority: 0, weight: 1, port, target });

  it("is as told whatever the case of its letters, or differs, or is missing, or is not known", () => {
    expect(publishedState(imaps, { kind: "srv", found: [found(993, "Mail.Site.Example")] }).state).toBe(
      "as-told",
    );
    expect(publishedState(imaps, { kind: "srv", found: [found(993, "old.example")] })).toEqual({
      state: "differs",
      sentence: "DNS still has 0 1 993 old.example. there.",
    });
    expect(publishedState(imaps, { kind: "none" }).state).toBe("missing");
    expect(publishedState(imaps, { kind: "failed", sentence: "It hangs." })).toEqual({
      state: "unknown",
      sentence: "It hangs.",
    });
  });

  it("that leads to what is closed is said to do so", () => {
    const answer = { kind: "srv", found: [found(110, "mail.site.example")] } as const;
    expect(publishedState(pop3, answer).sentence).toMatch(/leads programs to what is not offered/);
    expect(publishedState(pop3, { kind: "srv", found: [{ ...found(0, "."), weight: 0 }] }).state).toBe(
      "as-told",
    );
    expect(publishedState(pop3, { kind: "none" }).sentence).toMatch(/may guess/);
  });
});

describe("the settings", () => {
  const complaints = (typed: Record<string, string>) => {
    const read = readOptions(clientOptions, typed);
    return read.ok ? [] : read.problems.map(({ key }) => key);
  };

  it.each([
    [
      "host",
      ["mail.site.example", "MAIL.site.example.", ""],
      ["mail", "a b.example", "-a.example", "mail.x/..", "1.2.3.4:5"],
    ],
    [
      "resolver",
      ["192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"],
      ["dns.example", "1.2.3.4:0", "1.2.3.4:70000", "[1.2.3.4]:5", "a"],
    ],
    ["outgoingPort", ["1", "465", "65535"], ["0", "65536", "x", "", "1.5"]],
    ["linkDays", ["1", "90"], ["0", "91", "-1"]],
    ["order", ["imap", "pop3"], ["", "smtp"]],
  ])("%s takes what can be", (key, good, bad) => {
    for (const value of good) expect(complaints({ [key]: value }), value).toEqual([]);
    for (const value of bad) expect(complaints({ [key]: value }), value).toEqual([key]);
  });

  it("certificate and key are set together, with whole paths", () => {
    expect(complaints({ signCertificate: "/a.pem" })).toEqual(["signKey"]);
    expect(complaints({ signKey: "/a.pem" })).toEqual(["signCertificate"]);
    expect(complaints({ signCertificate: "a.pem", signKey: "/a\nb" })).toEqual([
      "signCertificate",
      "signKey",
    ]);
    expect(complaints({ signCertificate: "/a.pem", signKey: "/b.pem" })).toEqual([]);
  });
});
