import { describe, expect, it } from "vitest";
import { passedChecks } from "@/lib/core/apply/passed";
import type { StagedTree } from "@/lib/core/apply/ports";
import type { CipherFacts, TlsFacts } from "@/lib/core/apply/tls-facts";
import { settingOf } from "@/lib/core/settings/catalogue";

const staged: StagedTree = {
  complaints: [],
  includesOurs: true,
  missingExecutables: [],
  missingPlugins: [],
  lacksMapDriver: false,
  unbindable: [],
};

const sentences = (tls: TlsFacts | undefined, rehearse = false) =>
  passedChecks({ staged, tls, rehearse, concerned: [] });
const ciphers = (verdict: CipherFacts["minimum"]["verdict"]): CipherFacts => ({
  list: "taken",
  suites: "taken",
  weak: [],
  minimum: { protocol: "TLSv1.2", verdict },
});

describe("what is told of the checks that a change passed", () => {
  it("claims nothing of a certificate where TLS is off", () => {
    expect(sentences(undefined).join()).toContain("TLS is off");
    expect(sentences(undefined).join()).not.toContain("certificate and key");
  });

  it("says that a certificate has expired where closing was let through all the same", () => {
    const certificate = [
      { what: "certificate", fault: "expired", path: "/etc/cert.pem", at: "2026-01-02T00:00:00Z" },
    ] as const;
    const told = sentences({ certificate: [...certificate] }).join();
    expect(told).toContain("expired on 2026-01-02");
    expect(told).not.toContain("Nothing speaks against");
  });

  it.each([
    ["works", "A handshake with the oldest protocol, TLSv1.2, works"],
    ["untried", "a handshake with TLSv1.2 was not tried"],
  ] as const)("a rehearsal that came to %s", (verdict, words) => {
    expect(sentences({ certificate: [], ciphers: ciphers(verdict) }, true).join()).toContain(words);
  });

  it("says where the ciphers could not be tried, and nothing of them where they were not to be", () => {
    expect(sentences({ certificate: [] }, true).join()).toContain("The ciphers were not tried");
    expect(sentences({ certificate: [] }).join()).not.toContain("ciphers");
  });

  it("names what was looked for in the server's own files", () => {
    const concerned = [settingOf("imap"), settingOf("pop3")];
    const told = passedChecks({ staged, tls: undefined, rehearse: false, concerned });
    expect(told.at(-1)).toContain(
      `No line of the server's own files undoes ${settingOf("imap").label} and ${settingOf("pop3").label}.`,
    );
  });
});
