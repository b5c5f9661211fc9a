import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MapRow } from "@/lib/core/access/map-rows";
import { PASSWORD, startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import type { TestSandbox } from "../support/sandbox";
import { type Mechanism, wireLogin } from "../support/wire-login";

const NAMES = ["alice@a.test", "bob@a.test", "carol@b.test", "noat", "b.test", "@b.test"];

const now = Math.floor(Date.now() / 1000);
const past = now - 1000;
const future = now + 100_000;
type Row = [k: string, proto: MapRow["proto"], kind: "S" | "P", state: "allow" | "deny", until?: number];

/** What the map holds, and what each login comes to: every line of the measured table. */
const TABLE: readonly [what: string, rows: Row[], logins: string][] = [
  ["no rows", [], "alice@a.test/pop3=ok, alice@a.test/imap=ok"],
  [
    "account deny",
    [["alice@a.test", "pop3", "P", "deny"]],
    "alice@a.test/pop3=DENY, alice@a.test/imap=ok, bob@a.test/pop3=ok",
  ],
  [
    "domain deny",
    [["@a.test", "pop3", "P", "deny"]],
    "alice@a.test/pop3=DENY, carol@b.test/pop3=ok, alice@a.test/imap=ok",
  ],
  ["* deny", [["*", "pop3", "P", "deny"]], "alice@a.test/pop3=DENY, noat/pop3=DENY, alice@a.test/imap=ok"],
  [
    "account allow over domain deny",
    [
      ["alice@a.test", "pop3", "P", "allow"],
      ["@a.test", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok, bob@a.test/pop3=DENY",
  ],
  [
    "domain allow over * deny",
    [
      ["@a.test", "pop3", "P", "allow"],
      ["*", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok, carol@b.test/pop3=DENY",
  ],
  [
    "account allow over * deny",
    [
      ["alice@a.test", "pop3", "P", "allow"],
      ["*", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok, bob@a.test/pop3=DENY",
  ],
  [
    "account deny over domain allow",
    [
      ["alice@a.test", "pop3", "P", "deny"],
      ["@a.test", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=DENY, bob@a.test/pop3=ok",
  ],
  [
    "suspended domain(pop3) + account allow",
    [
      ["@a.test", "pop3", "S", "deny"],
      ["alice@a.test", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=DENY, alice@a.test/imap=ok",
  ],
  [
    "suspended domain(all) + account allow",
    [
      ["@a.test", "all", "S", "deny"],
      ["alice@a.test", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=DENY, alice@a.test/imap=DENY, carol@b.test/imap=ok",
  ],
  [
    "suspended account(all) + allows everywhere",
    [
      ["alice@a.test", "all", "S", "deny"],
      ["alice@a.test", "pop3", "P", "allow"],
      ["@a.test", "pop3", "P", "allow"],
      ["*", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=DENY, alice@a.test/imap=DENY, bob@a.test/pop3=ok",
  ],
  [
    "suspended *(all) + account allow",
    [
      ["*", "all", "S", "deny"],
      ["alice@a.test", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=DENY, noat/imap=DENY",
  ],
  ["suspended *(imap)", [["*", "imap", "S", "deny"]], "alice@a.test/imap=DENY, alice@a.test/pop3=ok"],
  ["expired suspension", [["alice@a.test", "all", "S", "deny", past]], "alice@a.test/pop3=ok"],
  [
    "expired suspension + live policy deny",
    [
      ["alice@a.test", "all", "S", "deny", past],
      ["alice@a.test", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=DENY",
  ],
  [
    "expired domain suspension, live account suspension",
    [
      ["@a.test", "all", "S", "deny", past],
      ["alice@a.test", "all", "S", "deny", future],
    ],
    "alice@a.test/pop3=DENY, bob@a.test/pop3=ok",
  ],
  ["expired deny", [["alice@a.test", "pop3", "P", "deny", past]], "alice@a.test/pop3=ok"],
  [
    "expired allow over domain deny",
    [
      ["alice@a.test", "pop3", "P", "allow", past],
      ["@a.test", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=DENY",
  ],
  [
    "live timed allow over domain deny",
    [
      ["alice@a.test", "pop3", "P", "allow", future],
      ["@a.test", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok",
  ],
  ["live timed deny", [["alice@a.test", "pop3", "P", "deny", future]], "alice@a.test/pop3=DENY"],
  [
    "expired deny falls to domain allow over * deny",
    [
      ["alice@a.test", "pop3", "P", "deny", past],
      ["@a.test", "pop3", "P", "allow"],
      ["*", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok, carol@b.test/pop3=DENY",
  ],
  [
    "policy row proto=all deny, pop3 allow same tier",
    [
      ["alice@a.test", "all", "P", "deny"],
      ["alice@a.test", "pop3", "P", "allow"],
    ],
    "alice@a.test/pop3=ok, alice@a.test/imap=DENY",
  ],
  [
    "account all allow over domain pop3 deny",
    [
      ["alice@a.test", "all", "P", "allow"],
      ["@a.test", "pop3", "P", "deny"],
    ],
    "alice@a.test/pop3=ok, bob@a.test/pop3=DENY",
  ],
  [
    "suspension row with state=1 still denies",
    [["alice@a.test", "pop3", "S", "allow"]],
    "alice@a.test/pop3=DENY",
  ],
  [
    "upper-case login",
    [
      ["@a.test", "pop3", "P", "deny"],
      ["carol@b.test", "pop3", "P", "deny"],
      ["bob@a.test", "pop3", "P", "allow"],
    ],
    "ALICE@A.TEST/pop3=DENY, Carol@B.Test/pop3=DENY, BOB@a.test/pop3=ok",
  ],
  [
    "user name equal to a domain or to @domain",
    [["@b.test", "pop3", "P", "deny"]],
    "b.test/pop3=ok, @b.test/pop3=DENY",
  ],
];

describe.each(DOVECOTS)("the access map's truth table on Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  let live: MapRow[] = [];
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startAccessSandbox(dovecot, NAMES);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach((context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
  });

  const hold = async (rows: readonly Row[]) => {
    const next = rows.map(
      ([k, proto, kind, state, until]): MapRow => ({
        k,
        proto,
        kind: kind === "S" ? 0 : 1,
        state: state === "allow" ? 1 : 0,
        until: until ?? null,
      }),
    );
    await sandbox.node.map.exclusively(async (map) => {
      map.remove(live);
      map.put(next);
    });
    live = next;
  };
  const login = async (name: string, protocol: "imap" | "pop3", mechanism: Mechanism, password: string) =>
    (
      await wireLogin({
        protocol,
        port: sandbox.ports[protocol],
        encryption: "none",
        mechanism,
        user: name,
        password,
      })
    ).answer;

  /** A row for each layer that can deny: 2.3 takes half a second to say that a password is wrong. */
  const withWrong = new Set([
    "account deny",
    "domain deny",
    "* deny",
    "suspended domain(all) + account allow",
  ]);

  it.each(TABLE)("%s", async (what, rows, logins) => {
    await hold(rows);
    const tries = logins.split(", ").flatMap((one) => {
      const [, name = "", protocol = "", state = ""] = /^(.*)\/(imap|pop3)=(ok|DENY)$/.exec(one) ?? [];
      return (["PLAIN", "CRAM-MD5"] as const).flatMap((mechanism) => [
        { one, name, protocol, mechanism, password: PASSWORD, right: state === "ok" ? "ok" : "disabled" },
        // Who doesn't know the password learns nothing, not even that the name is denied.
        ...(withWrong.has(what)
          ? [{ one, name, protocol, mechanism, password: "wrong", right: "wrong" }]
          : []),
      ]);
    });
    await Promise.all(
      tries.map(async ({ one, name, protocol, mechanism, password, right }) =>
        expect(
          await login(name, protocol as "imap" | "pop3", mechanism, password),
          `${one} ${mechanism} ${password}`,
        ).toBe(right),
      ),
    );
  });
});
