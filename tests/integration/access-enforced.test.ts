import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decide } from "@/lib/core/access/decide";
import type { Edit } from "@/lib/core/access/edits";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { changeAccess } from "@/lib/server/access/change";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { layersOf } from "@/lib/server/access/layers";
import { prove } from "@/lib/server/access/prove";
import { standingAlarms } from "@/lib/server/alarms";
import { addRevision, latestRevision } from "@/lib/server/mailserver/revisions";
import { PASSWORD, startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import { runs } from "../support/once";
import { save, type TestSandbox } from "../support/sandbox";
import { type Mechanism, wireLogin } from "../support/wire-login";

const TESTER = { name: "tester", origin: "cli" as const };
const NAMES = ["alice@a.test", "bob@a.test", "carol@b.test"];

describe.each(DOVECOTS)("accounts' rules enforced by Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing) sandbox = await startAccessSandbox(dovecot, NAMES);
  });
  afterAll(async () => await sandbox?.remove());
  beforeEach(async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    await clear();
  });

  const change = async (...edits: Edit[]) => {
    const result = await changeAccess(sandbox.node, {
      actor: TESTER,
      rank: "administrator",
      reason: "",
      edits,
    });
    expect(result).toMatchObject({ kind: "done", enforced: true });
    return result;
  };
  const policy = (
    subject: string,
    state: "allow" | "deny" | "inherit",
    protocol: Protocol = "pop3",
    until: number | null = null,
  ): Edit => ({ kind: "policy", subject, protocol, state, until });
  const suspend = (
    subject: string,
    protocol: Protocol | "all" = "all",
    until: number | null = null,
  ): Edit => ({
    kind: "suspend",
    subject,
    protocol,
    rank: "administrator",
    reason: "abuse",
    ticket: "4711",
    until,
  });
  const clear = async () => {
    const [policies, suspensions] = await Promise.all([
      sandbox.node.db.policy.findMany(),
      sandbox.node.db.suspension.findMany(),
    ]);
    if (policies.length + suspensions.length === 0) return;
    await change(
      ...policies.map(({ subject, protocol }) => policy(subject, "inherit", protocol as Protocol)),
      ...suspensions.map(({ id, subject }): Edit => ({ kind: "lift", subject, id })),
    );
  };
  const port = (protocol: Protocol, encryption: "none" | "starttls" | "tls") =>
    sandbox.ports[encryption === "tls" ? (`${protocol}s` as const) : protocol];
  const login = async (
    user: string,
    protocol: Protocol,
    mechanism: Mechanism = "PLAIN",
    encryption: "none" | "starttls" | "tls" = "none",
  ) =>
    (
      await wireLogin({
        protocol,
        port: port(protocol, encryption),
        encryption,
        mechanism,
        user,
        password: PASSWORD,
      })
    ).answer;
  const EVERY_WAY: readonly Mechanism[] = [
    "USER",
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "DIGEST-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "APOP",
  ];

  /** The layer that denies POP3 or IMAP for alice, and how it is set. */
  const LAYERS: readonly [string, (protocol: Protocol) => Edit[]][] = [
    ["the account", (protocol) => [policy("alice@a.test", "deny", protocol)]],
    ["its domain", (protocol) => [policy("@a.test", "deny", protocol)]],
    ["everybody", (protocol) => [policy("*", "deny", protocol)]],
    [
      "a suspension of the account",
      (protocol) => [suspend("alice@a.test", protocol), policy("alice@a.test", "allow", protocol)],
    ],
    [
      "a suspension of its domain",
      (protocol) => [suspend("@a.test", "all"), policy("alice@a.test", "allow", protocol)],
    ],
    [
      "an end date that has not come",
      (protocol) => [policy("alice@a.test", "deny", protocol, Math.floor(Date.now() / 1000) + 3600)],
    ],
  ];

  it.each(LAYERS)(
    "denied by %s: on every port, by every mechanism, whoever is asked",
    async (_layer, edits) => {
      for (const protocol of PROTOCOLS) {
        await clear();
        await change(...edits(protocol));
        const tries = (["none", "starttls", "tls"] as const).flatMap((encryption) =>
          EVERY_WAY.filter((mechanism) => mechanism !== "APOP" || protocol === "pop3").map((mechanism) => ({
            encryption,
            mechanism,
          })),
        );
        await Promise.all(
          tries.map(async ({ encryption, mechanism }) => {
            expect(
              await login("alice@a.test", protocol, mechanism, encryption),
              `${protocol} ${encryption} ${mechanism}`,
            ).toBe("disabled");
          }),
        );
      }
    },
  );

  it("allowed: the same ways all lead in", async () => {
    await change(policy("@a.test", "deny", "pop3"), policy("alice@a.test", "allow", "pop3"));
    // One after the other: Dovecot lets in ten of an account at once from one place, and those before take time to go.
    for (const protocol of PROTOCOLS)
      for (const encryption of ["none", "starttls", "tls"] as const)
        for (const mechanism of EVERY_WAY.filter((one) => one !== "APOP" || protocol === "pop3"))
          expect(
            await login("alice@a.test", protocol, mechanism, encryption),
            `${protocol} ${encryption} ${mechanism}`,
          ).toBe("ok");
  });

  it("the server's switch: closed ports, whatever an account is allowed", async () => {
    await change(policy("alice@a.test", "allow", "pop3"));
    await save(sandbox, { pop3: false });
    await expect(login("alice@a.test", "pop3")).rejects.toThrow("ECONNREFUSED");
    const [proof] = await prove(sandbox.node, ["alice@a.test"], ["pop3"]);
    expect(proof).toMatchObject({ effective: "deny", seen: "deny", by: "closed-port", differs: false });
    await save(sandbox, { pop3: true });
    expect(await login("alice@a.test", "pop3")).toBe("ok");
  });

  it("a switch that is on its way is no contradiction, and one that stays behind is", async () => {
    const { db } = sandbox.node;
    const { number, values } = await latestRevision(db);
    await addRevision(db, {
      number: number + 1,
      values: { ...values, pop3: false },
      actor: TESTER,
      reason: "",
    });
    expect(await prove(sandbox.node, ["alice@a.test"], ["pop3"])).toMatchObject([
      { effective: "deny", seen: "unknown", differs: false },
    ]);
    expect(await standingAlarms(db)).toEqual([]);
    // As if it had been tried, and gone back.
    const attempt = {
      id: "tried",
      node: sandbox.node.name,
      revisionNumber: number + 1,
      startedAt: new Date(),
    };
    await db.attempt.create({
      data: { ...attempt, finishedAt: new Date(), outcome: "rolled-back", detail: "{}" },
    });
    expect(await prove(sandbox.node, ["alice@a.test"], ["pop3"])).toMatchObject([
      { effective: "deny", seen: "allow", differs: true },
    ]);
    await save(sandbox, { pop3: true });
    expect(await prove(sandbox.node, ["alice@a.test"], ["pop3"])).toMatchObject([{ differs: false }]);
    expect(await standingAlarms(db)).toEqual([]);
  });

  it("ends by itself, to the second, with nobody of ours at work", async () => {
    const end = Math.floor(Date.now() / 1000) + 3;
    await change(policy("alice@a.test", "deny", "pop3", end));
    expect(await login("alice@a.test", "pop3")).toBe("disabled");
    const answers: [number, string][] = [];
    while (Date.now() < (end + 1) * 1000)
      answers.push([Date.now() / 1000, await login("alice@a.test", "pop3")]);
    const begun = (at: number) => answers.filter(([when]) => (at < end ? when < end - 0.05 : when > end));
    expect(begun(0).every(([, answer]) => answer === "disabled")).toBe(true);
    expect(begun(end).map(([, answer]) => answer)).toEqual(begun(end).map(() => "ok"));
    expect(begun(end).length).toBeGreaterThan(0);
  });

  it("suspend then resume is the identity, with several suspensions and a policy below", async () => {
    await change(
      policy("alice@a.test", "allow", "pop3"),
      policy("@a.test", "deny", "pop3"),
      policy("alice@a.test", "deny", "imap"),
    );
    const before = [...sandbox.node.map.rows()];
    const answers = async () => [
      await login("alice@a.test", "pop3"),
      await login("alice@a.test", "imap"),
      await login("bob@a.test", "pop3"),
    ];
    const was = await answers();
    await change(suspend("alice@a.test"), suspend("alice@a.test", "pop3"), suspend("@a.test", "imap"));
    expect(await answers()).toEqual(["disabled", "disabled", "disabled"]);
    const [first, ...rest] = await sandbox.node.db.suspension.findMany();
    await change({ kind: "lift", subject: first!.subject, id: first!.id });
    expect(await login("alice@a.test", "pop3")).toBe("disabled");
    await change(...rest.map(({ subject, id }): Edit => ({ kind: "lift", subject, id })));
    expect(await answers()).toEqual(was);
    expect([...sandbox.node.map.rows()]).toEqual(before);
  });

  it("whatever the rules: each login ends as the access model says, and the daemon's own answer agrees", async () => {
    const subject = fc.constantFrom("alice@a.test", "bob@a.test", "carol@b.test", "@a.test", "@b.test", "*");
    const until = fc.constantFrom(
      null,
      null,
      Math.floor(Date.now() / 1000) - 60,
      Math.floor(Date.now() / 1000) + 86_400,
    );
    const edit = fc.oneof(
      fc.record({
        kind: fc.constant("policy" as const),
        subject,
        protocol: fc.constantFrom(...PROTOCOLS),
        state: fc.constantFrom("allow" as const, "deny" as const, "inherit" as const),
        until,
      }),
      fc.record({
        kind: fc.constant("suspend" as const),
        subject,
        protocol: fc.constantFrom("imap" as const, "pop3" as const, "all" as const),
        rank: fc.constant("team" as const),
        reason: fc.constant(""),
        ticket: fc.constant(""),
        until,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        await clear();
        for (const one of edits)
          await changeAccess(sandbox.node, {
            actor: TESTER,
            rank: "administrator",
            reason: "",
            edits: [one],
          });
        const accounts = ["alice@a.test", "bob@a.test", "carol@b.test"];
        const layers = await layersOf(sandbox.node.db, accounts);
        for (const protocol of PROTOCOLS)
          for (const account of accounts) {
            const { effective } = decide(protocol, layers(account), Date.now() / 1000, String);
            expect(await login(account, protocol), `${account} ${protocol}`).toBe(
              effective === "allow" ? "ok" : "disabled",
            );
          }
        expect(
          (await prove(sandbox.node, accounts)).filter(({ differs, seen }) => differs || seen === "unknown"),
        ).toEqual([]);
      }),
      { numRuns: runs(10) },
    );
    expect(await standingAlarms(sandbox.node.db)).toEqual([]);
    expect(await accessEnforcement(sandbox.node)).toMatchObject({ enforced: true, troubles: [] });
  });
});
