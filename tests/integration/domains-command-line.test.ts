import { describe, expect, it } from "vitest";
import { foldName } from "@/lib/core/access/name";
import { PASSWORD } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import { onSandbox } from "../support/shell-sandbox";

const ODD = "sp ace %u %{user} é;*@odd.example";
/** A passwd-file has no way to write it, so that Dovecot knows no such user. */
const QUOTED = `q"uo'te\\@odd.example`;
const LONG = `${"l".repeat(64)}@${Array.from({ length: 4 }, () => "d".repeat(61)).join(".")}.example`;
const DASHED = "-rf@odd.example";

/** What is tried here is the command line: one version's daemon proves it. */
describe.each(DOVECOTS.slice(0, 1))("domains and odd names at a shell, Dovecot $family", (dovecot) => {
  const at = onSandbox(dovecot, [ODD, LONG, DASHED, "mixed@odd.example"]);

  it("rules of a domain and of everybody have their exceptions, and a change can be taken back", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { cli, login, sample, sandbox } = at();
    await cli.run("accounts", "sync");
    await cli.run("domains", "set", "riverside.example", "pop3=deny", "--reason", "closing", "--no-proof");
    await cli.run("accounts", "set", sample(1).address, "pop3=allow", "--no-proof");
    expect(await cli.json("domains", "show", "riverside.example")).toMatchObject({
      code: 0,
      domain: "riverside.example",
      accounts: 4,
      exceptions: 1,
      imap: { effective: "allow", policy: "inherit", allow: 4, deny: 0 },
      pop3: { effective: "deny", policy: "deny", allow: 1, deny: 3 },
    });
    const everybody = await cli.json(
      "domains",
      "set",
      "*",
      "imap=deny",
      "--until",
      "+1h",
      "--reason",
      "drill",
    );
    expect(everybody).toMatchObject({
      code: 0,
      domain: "*",
      imap: {
        effective: "deny",
        because: expect.stringMatching(/^IMAP is denied for all accounts without a rule/),
      },
    });
    expect(await login("imap", sample(4).address, sample(4).password)).toBe("disabled");
    const suspension = await cli.json("domains", "suspend", "@Harbour.example", "--reason", "abuse");
    expect(suspension).toMatchObject({
      code: 0,
      domain: "harbour.example",
      pop3: { effective: "deny", layer: "suspension" },
    });
    const listed = await cli.run("accounts", "list", "--suspended", "--json");
    expect((JSON.parse(listed.stdout) as { address: string }[]).map(({ address: one }) => one)).toEqual(
      sandbox.accounts.map(({ address: one }) => one).filter((one) => one.endsWith("@harbour.example")),
    );
    expect(await cli.run("domains", "resume", "harbour.example")).toMatchObject({ code: 0 });
    const change = everybody.change as number;
    expect(await cli.json("changes", "undo", String(change))).toMatchObject({
      code: 0,
      outcome: "undone",
      enforced: true,
    });
    expect(await cli.run("changes", "undo", String(change))).toMatchObject({ code: 3 });
    expect(await login("imap", sample(4).address, sample(4).password)).toBe("ok");
  });

  it("takes any name as it stands, and nobody else's rule is touched", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    const { cli, login, sandbox } = at();
    for (const name of [ODD, LONG, "MIXED@ODD.example", DASHED]) {
      const set = await cli.json("accounts", "set", "--reason", "odd", "--json", "--", name, "pop3=deny");
      expect(set).toMatchObject({
        code: 0,
        address: foldName(name),
        pop3: { effective: "deny", proof: { seen: "deny", matches: true } },
      });
      expect(await login("pop3", name, PASSWORD)).toBe("disabled");
      expect(await login("imap", name, PASSWORD)).toBe("ok");
    }
    expect(await cli.json("accounts", "set", QUOTED, "pop3=deny")).toMatchObject({
      code: 0,
      known: "never-listed",
      pop3: { effective: "deny", proof: { seen: "no-such-user", matches: false } },
    });
    const rules = [...sandbox.node.map.rows()].filter(({ k }) => k.endsWith("@odd.example") || k === LONG);
    expect(rules.map(({ k }) => k).toSorted((a, b) => a.localeCompare(b))).toEqual(
      [ODD, LONG, DASHED, QUOTED, "mixed@odd.example"].toSorted((a, b) => a.localeCompare(b)),
    );
  });
});
