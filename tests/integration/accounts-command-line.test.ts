import { describe, expect, it } from "vitest";
import { mendMap } from "@/lib/server/access/mend-map";
import { DOVECOTS } from "../support/dovecot-versions";
import { withImap } from "../support/mail-clients";
import { onSandbox } from "../support/shell-sandbox";

describe.each(DOVECOTS)("accounts at a shell on Dovecot $family", (dovecot) => {
  const at = onSandbox(dovecot);

  it("sets, shows, is obeyed at the next login, ends sessions, and inherits again", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { cli, login, sample, sandbox } = at();
    const { address, password } = sample(0);
    const synced = await cli.json("accounts", "sync");
    expect(synced).toMatchObject({
      code: 0,
      outcome: "complete",
      found: sandbox.accounts.length,
      vanished: 0,
    });
    expect(await cli.json("accounts", "show", address)).toMatchObject({
      code: 0,
      address,
      domain: "riverside.example",
      vanishedAt: null,
      known: "listed",
      imap: {
        effective: "allow",
        override: "inherit",
        proof: { seen: "allow", matches: true, by: "lookup" },
      },
      history: [],
    });

    const dry = await cli.json("accounts", "set", address, "pop3=deny", "--until", "+7d", "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      dryRun: true,
      pop3: { now: "allow", effective: "deny" },
      imap: { now: "allow" },
    });
    expect(await login("pop3", address, password)).toBe("ok");

    const set = await cli.json(
      "accounts",
      "set",
      address,
      "pop3=deny",
      "--until",
      "+7d",
      "--reason",
      "lost phone",
    );
    expect(set).toMatchObject({
      code: 0,
      outcome: "changed",
      enforced: true,
      troubles: [],
      address,
      protocols: {
        imap: { effective: "allow", proof: { seen: "allow", matches: true } },
        pop3: {
          effective: "deny",
          layer: "account",
          because: expect.stringMatching(/^POP3 is denied for this account until .* \(lost phone\)\.$/),
          override: "deny",
          until: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          proof: { seen: "deny", matches: true, at: expect.any(String), by: "lookup" },
        },
      },
      history: [
        { change: expect.any(Number), origin: "cli", reason: "lost phone", protocol: "pop3", before: null },
      ],
    });
    expect(set.pop3).toEqual((set.protocols as Record<string, unknown>).pop3);
    expect(await login("pop3", address, password)).toBe("disabled");
    expect(await login("imap", address, password)).toBe("ok");

    expect(await cli.run("accounts", "set", address, "pop3=inherit", "--expect", "inherit")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`POP3 for ${address} is deny, not inherit`),
    });
    expect(await login("pop3", address, password)).toBe("disabled");

    await withImap({ port: sandbox.ports.imap, account: sample(0), encryption: "none" }, async (client) => {
      const ended = new Promise((resolve) => client.once("close", resolve));
      const off = await cli.run("accounts", "set", address, "imap=deny", "pop3=inherit", "--off-now");
      expect(off).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("1 open IMAP session was ended."),
      });
      await ended;
    });
    expect(await login("imap", address, password)).toBe("disabled");
    expect(await login("pop3", address, password)).toBe("ok");

    const text = await cli.run("accounts", "set", address.toUpperCase(), "imap=inherit", "--expect", "deny");
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining(`Inherit IMAP for ${address}.`) });
    expect(await login("imap", address, password)).toBe("ok");
  });

  // What follows doesn't hang on the version, so one is enough.
  if (dovecot !== DOVECOTS[0]) return;

  it("a suspension beats an allow, and lifting it leaves the policy as it was", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { cli, login, sample } = at();
    const { address, password } = sample(1);
    const policy = async () => {
      const { imap, pop3 } = await cli.json<Record<"imap" | "pop3", Record<string, unknown>>>(
        "accounts",
        "show",
        address,
        "--no-proof",
      );
      return [imap.override, pop3.override, imap.effective, pop3.effective];
    };
    await cli.run("domains", "set", "riverside.example", "pop3=deny", "--reason", "closing");
    await cli.run("accounts", "set", address, "pop3=allow", "--no-proof");
    const before = await policy();
    expect(before).toEqual(["inherit", "allow", "allow", "allow"]);

    const suspended = await cli.json(
      "accounts",
      "suspend",
      address,
      "--protocol",
      "pop3",
      "--reason",
      "unpaid",
      "--ticket",
      "T-7",
    );
    expect(suspended).toMatchObject({
      code: 0,
      pop3: {
        effective: "deny",
        because: "This account is suspended for POP3 (unpaid, ticket T-7).",
        layer: "suspension",
      },
      suspensions: [{ level: "account", protocol: "pop3", reason: "unpaid", ticket: "T-7", until: null }],
    });
    expect(await login("pop3", address, password)).toBe("disabled");
    const { suspensions } = suspended as unknown as { suspensions: { id: number }[] };
    expect(await cli.run("accounts", "resume", address, "--id", "999999")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`It has: ${suspensions[0]?.id}.`),
    });
    const resumed = await cli.json("accounts", "resume", address, "--id", String(suspensions[0]?.id));
    expect(resumed).toMatchObject({ code: 0, outcome: "changed", suspensions: [] });
    expect(await policy()).toEqual(before);
    expect(await login("pop3", address, password)).toBe("ok");
  });

  it("says what is not in force: a map that was changed behind its back, a daemon that is down", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { cli, sample, sandbox } = at();
    const { address } = sample(2);
    expect(await cli.run("access", "status")).toMatchObject({ code: 0 });
    await cli.run("accounts", "set", address, "pop3=deny", "--no-proof");
    await sandbox.node.map.exclusively(async (write) =>
      write.remove([{ k: address, proto: "pop3", kind: 1 }]),
    );
    // Its domain denies as well: only the allow that is put in its place is a contradiction.
    await sandbox.node.map.exclusively(async (write) =>
      write.put([{ k: address, proto: "pop3", kind: 1, state: 1, until: null }]),
    );
    expect(await cli.json("accounts", "show", address)).toMatchObject({
      code: 7,
      pop3: { effective: "deny", proof: { seen: "allow", matches: false } },
    });
    expect(await cli.json("access", "status")).toMatchObject({
      code: 7,
      enforced: false,
      map: "current",
      troubles: [`POP3 is denied for ${address}, and Dovecot would let it in.`],
    });
    expect(await cli.json("verify")).toMatchObject({ code: 7, inForce: false, access: { enforced: false } });
    await mendMap(sandbox.node);
    expect(await cli.json("accounts", "show", address)).toMatchObject({
      code: 0,
      pop3: { proof: { seen: "deny" } },
    });
    expect(await cli.json("verify")).toMatchObject({
      code: 0,
      inForce: true,
      access: { enforced: true, map: "current" },
    });

    await sandbox.stop();
    const set = await cli.json("accounts", "set", address, "pop3=allow");
    expect(set).toMatchObject({
      code: 7,
      outcome: "changed",
      enforced: false,
      pop3: { effective: "allow", proof: { seen: "unknown", matches: false } },
    });
    expect(await cli.json("accounts", "sync")).toMatchObject({ code: 8, outcome: "failed" });
    await sandbox.start();
    expect(await cli.json("status")).toMatchObject({ code: 0, access: { enforced: true, troubles: [] } });
    expect(await cli.json("accounts", "show", address)).toMatchObject({
      code: 0,
      pop3: { effective: "allow", proof: { seen: "allow", matches: true } },
    });
  });
});
