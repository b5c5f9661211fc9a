import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Family } from "@/lib/core/dovecot/version";
import { signInOf } from "@/lib/core/use/sign-in-line";

const WORDS = { "2.3": "Login", "2.4": "Logged in" } as const;
const FAMILIES: readonly Family[] = ["2.3", "2.4"];

/** As both versions were seen to write them, apart from the words. */
function line(
  family: Family,
  user: string,
  more = ", secured, lport=143",
  service = "imap-login: Info",
): string {
  return `Nov 25 17:16:15 ${service}: ${WORDS[family]}: user=<${user}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=19577${more}, session=</YX/+xxhZp9/AAAB>`;
}

describe.each(FAMILIES)("a sign-in that Dovecot %s logged", (family) => {
  const other = family === "2.3" ? "2.4" : "2.3";

  it("is read from a file, from syslog in both forms, and from a journal", () => {
    const rest = line(family, "anna@site.example").split("Info: ")[1] ?? "";
    for (const start of [
      "Nov  5 17:16:15 imap-login: Info: ",
      "2026-11-05 17:16:15 imap-login: Info: ",
      "Nov  5 17:16:15 mail dovecot: imap-login: ",
      "2026-11-05T17:16:15.123456+01:00 mail dovecot[812]: imap-login: ",
      "imap-login: ",
    ]) {
      expect(signInOf(start + rest, family), start).toMatchObject({
        protocol: "imap",
        user: "anna@site.example",
        remote: "192.0.2.7",
        connection: "secured",
        port: 143,
        tlsVersion: undefined,
      });
    }
    expect(signInOf(`Nov  5 17:16:15 imap-login: Info: ${rest}`, family)?.stamp).toEqual({
      kind: "local",
      year: undefined,
      month: 11,
      day: 5,
      time: [17, 16, 15],
    });
    expect(
      signInOf(`2026-11-05T17:16:15.123456+01:00 mail dovecot: imap-login: ${rest}`, family)?.stamp,
    ).toEqual({
      kind: "instant",
      atMs: Date.UTC(2026, 10, 5, 16, 16, 15),
    });
    expect(signInOf(`imap-login: ${rest}`, family)?.stamp).toBeUndefined();
  });

  it("tells TLS with its version, and no TLS at all", () => {
    const tls = ", TLS, lport=995, tls=TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)";
    expect(signInOf(line(family, "a@b.example", tls, "pop3-login: Info"), family)).toMatchObject({
      protocol: "pop3",
      connection: "tls",
      port: 995,
      tlsVersion: "TLSv1.3",
    });
    expect(signInOf(line(family, "a@b.example", ""), family)).toMatchObject({
      connection: "plain",
      port: undefined,
    });
  });

  it("is nothing of the other version's, no failure, and no other service's", () => {
    for (const text of [
      line(other, "anna@site.example"),
      line(family, "a@b.example", "", "managesieve-login: Info"),
      line(family, "a@b.example", "", "imap-login: Error"),
      line(family, ""),
      "Nov 25 17:15:55 imap-login: Info: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<q@x.test>, method=PLAIN, rip=127.0.0.1",
      "Nov 25 17:15:53 imap(a@x.test)<19554><pUO8+hxhQJl/AAAB>: Info: Disconnected: Connection closed",
      `Nov 25 17:15:55 imap-login: Info: Disconnected: user=<x ${line(family, "victim@site.example")}`,
      `Nov 25 17:15:55 auth: Info: ${line(family, "victim@site.example")}`,
      "",
    ])
      expect(signInOf(text, family), text).toBeUndefined();
  });

  it.each([
    "a>,rip=9.9.9.9@x.test",
    "semi;x>@x.test",
    "a>, method=PLAIN, rip=9.9.9.9, lip=1.1.1.1, mpid=1, TLS, lport=993, tls=TLSv1.3",
    "a>, session=<x>, user=<b@x.test",
    `x imap-login: Info: ${WORDS[family]}: user=<victim@site.example`,
    "Grüße, Ärger@x.test",
    "<>",
  ])("keeps the name %s whole, and what follows it apart", (user) => {
    expect(signInOf(line(family, user), family)).toMatchObject({
      user,
      remote: "192.0.2.7",
      connection: "secured",
      port: 143,
      tlsVersion: undefined,
    });
  });

  it("takes no name for anything else, whatever it holds", () => {
    const pieces = [
      "user=<",
      ">",
      ", ",
      "rip=9.9.9.9",
      "TLS",
      "session=<",
      "a@b",
      " ",
      "lport=993",
      "=",
      "Login: ",
    ];
    const names = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.array(fc.constantFrom(...pieces), { minLength: 1 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(names, (user) => {
        expect(signInOf(line(family, user), family)).toMatchObject({
          user,
          remote: "192.0.2.7",
          connection: "secured",
        });
      }),
      { numRuns: 2000 },
    );
  });
});
