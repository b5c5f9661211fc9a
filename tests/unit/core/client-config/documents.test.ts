import fc from "fast-check";
import { parse } from "plist";
import { describe, expect, it } from "vitest";
import { appleProfile } from "@/lib/core/client-config/apple-profile";
import { autoconfigXml } from "@/lib/core/client-config/autoconfig";
import { autodiscoverXml, OUTLOOK_SCHEMA } from "@/lib/core/client-config/autodiscover";
import { below, parseXml, partsOf, TOLD } from "../../../support/client-config";
import { HOSTILE } from "../../../support/hostile-strings";

const uuid = (text: string) => `uuid of ${text}`;

describe("the configuration of Thunderbird", () => {
  it("names every server in order, with the program's own placeholder for the address", () => {
    const root = parseXml(autoconfigXml(TOLD));
    expect([root.localName, root.getAttribute("version")]).toEqual(["clientConfig", "1.1"]);
    const [provider] = below(root, "emailProvider");
    expect(provider?.getAttribute("id")).toBe("site.example");
    expect(partsOf(provider!)).toMatchObject({ domain: "site.example", displayName: "Site & Sons" });
    const server = (hostname: string, port: string, socketType: string) => ({
      hostname,
      port,
      socketType,
      username: "%EMAILADDRESS%",
      authentication: "password-cleartext",
    });
    expect(below(root, "incomingServer").map((one) => [one.getAttribute("type"), partsOf(one)])).toEqual([
      ["imap", server("mail.site.example", "993", "SSL")],
      ["imap", server("mail.site.example", "143", "STARTTLS")],
      ["pop3", server("mail.site.example", "995", "SSL")],
    ]);
    expect(below(root, "outgoingServer").map((one) => [one.getAttribute("type"), partsOf(one)])).toEqual([
      ["smtp", server("smtp.site.example", "587", "STARTTLS")],
    ]);
  });

  it("has no outgoing server where none is set, and an account's own address where it is for one", () => {
    const root = parseXml(autoconfigXml({ ...TOLD, outgoing: null }, "anna@site.example"));
    expect(below(root, "outgoingServer")).toEqual([]);
    expect(below(root, "username").map(({ textContent }) => textContent)).toEqual(
      Array.from({ length: 3 }, () => "anna@site.example"),
    );
  });
});

describe("the answer to Outlook", () => {
  it("has each kind of server once, the best of it, in Microsoft's namespace and order", () => {
    const root = parseXml(autodiscoverXml(TOLD, "anna@site.example"));
    expect(root.namespaceURI).toBe("http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006");
    expect(below(root, "Response")[0]?.namespaceURI).toBe(OUTLOOK_SCHEMA);
    const account = below(root, "Account")[0]!;
    expect(partsOf(account)).toMatchObject({ AccountType: "email", Action: "settings" });
    const told = below(root, "Protocol").map(partsOf);
    expect(
      told.map(({ Type, Server, Port, SSL, Encryption }) => [Type, Server, Port, SSL, Encryption]),
    ).toEqual([
      ["IMAP", "mail.site.example", "993", "on", "SSL"],
      ["POP3", "mail.site.example", "995", "on", "SSL"],
      ["SMTP", "smtp.site.example", "587", "on", "TLS"],
    ]);
    expect(new Set(told.map(({ LoginName }) => LoginName))).toEqual(new Set(["anna@site.example"]));
  });
});

describe("the profile of Apple", () => {
  const read = (address: string | null, config = TOLD) =>
    parse(appleProfile({ config, address, uuid })) as Record<string, unknown> & {
      PayloadContent: Record<string, unknown>[];
    };

  it("is one mail account with the best server, and replaces itself when it is installed again", () => {
    const profile = read("anna@site.example");
    expect(profile).toMatchObject({ PayloadType: "Configuration", PayloadVersion: 1 });
    expect(profile.PayloadContent).toEqual([
      expect.objectContaining({
        PayloadType: "com.apple.mail.managed",
        EmailAccountType: "EmailTypeIMAP",
        EmailAddress: "anna@site.example",
        IncomingMailServerHostName: "mail.site.example",
        IncomingMailServerPortNumber: 993,
        IncomingMailServerUseSSL: true,
        IncomingMailServerUsername: "anna@site.example",
        IncomingMailServerAuthentication: "EmailAuthPassword",
        OutgoingMailServerHostName: "smtp.site.example",
        OutgoingMailServerPortNumber: 587,
        OutgoingMailServerUseSSL: true,
      }),
    ]);
    expect(read("anna@site.example")).toEqual(profile);
    expect(read("ben@site.example").PayloadIdentifier).not.toBe(profile.PayloadIdentifier);
  });

  it("for a domain leaves the address to be asked, and takes POP3 where that is first", () => {
    const [mail] = read(null, { ...TOLD, incoming: TOLD.incoming.toReversed() }).PayloadContent;
    expect(mail).toMatchObject({ EmailAccountType: "EmailTypePOP", IncomingMailServerPortNumber: 995 });
    expect(Object.keys(mail!).filter((key) => /Address|Username/.test(key))).toEqual([]);
  });
});

/** As it is to be read back: XML can't write some characters, escaped or not. */
const readable = (text: string) =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?");

describe("texts of others", () => {
  /** Everything that comes from outside, in every document: what is read back is what went in, and nothing more. */
  const holds = (text: string) => {
    const config = { ...TOLD, domain: text, provider: text };
    const thunderbird = parseXml(autoconfigXml(config, text));
    expect(below(thunderbird, "domain")[0]?.textContent).toBe(readable(text));
    expect(below(thunderbird, "emailProvider")[0]?.getAttribute("id")).toBe(readable(text));
    expect(below(thunderbird, "username")[0]?.textContent).toBe(readable(text));
    expect(below(thunderbird, "*").length).toBe(below(parseXml(autoconfigXml(TOLD)), "*").length);
    const outlook = parseXml(autodiscoverXml(config, text));
    expect(below(outlook, "DisplayName")[0]?.textContent).toBe(readable(text));
    expect(below(outlook, "LoginName").map(({ textContent }) => textContent)).toEqual(
      Array.from({ length: 3 }, () => readable(text)),
    );
    expect(below(outlook, "*").length).toBe(below(parseXml(autodiscoverXml(TOLD, "a")), "*").length);
    const apple = parse(appleProfile({ config, address: text, uuid })) as Record<string, unknown>;
    expect(apple).toMatchObject({
      PayloadOrganization: readable(text),
      PayloadContent: [{ EmailAddress: readable(text), EmailAccountDescription: readable(text) }],
    });
  };

  it.each(Object.entries(HOSTILE))("stay what they are: %s", (_what, text) => holds(text));

  it("stay what they are: markup of every kind", () => {
    for (const text of [
      "<script>alert(1)</script>",
      "]]>",
      "<!--",
      "<?x?>",
      "&lt;&#0;&amp",
      '"><a b="',
      "%EMAILADDRESS%",
    ])
      holds(text);
  });

  it("stay what they are, whatever they are", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), holds), { numRuns: 300 });
  });
});
