import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Edit } from "@/lib/core/access/edits";
import { parseAddress } from "@/lib/core/access/name";
import { changeAccess } from "@/lib/server/access/change";
import { PASSWORD, startAccessSandbox } from "../support/access-sandbox";
import { DOVECOTS } from "../support/dovecot-versions";
import type { TestSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";

const LONG = `${"l".repeat(60)}@${Array.from({ length: 4 }, () => "d".repeat(62)).join(".")}.test`;

/** What a careless site has for names, and what somebody tries who wants past a rule. */
const HOSTILE = [
  "o'hara@a.test",
  'quo"te@a.test',
  "per%cent@a.test",
  "%u@a.test",
  "%{user}@a.test",
  "sp ace@a.test",
  "semi;colon@a.test",
  "zoë@a.test",
  "back\\slash@a.test",
  "x') or 1=1 --@a.test",
  "x' or '1'='1@a.test",
  LONG,
];

/** A site that lets every name in with the password: so that only a rule can refuse one. */
const ANYBODY = {
  "2.3":
    "auth_username_chars =\npassdb {\n  driver = static\n  args = password=pw\n}\nuserdb {\n  driver = static\n  args = uid=nobody gid=nogroup home=/tmp/portcullis-anybody\n}",
  "2.4":
    "auth_username_chars =\npassdb static {\n  password = pw\n}\nuserdb static {\n  fields {\n    uid = nobody\n    gid = nogroup\n    home = /tmp/portcullis-anybody\n  }\n}",
};

describe.each(DOVECOTS)("hostile names on Dovecot $family", (dovecot) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    if (!dovecot.missing)
      sandbox = await startAccessSandbox(dovecot, ["alice@a.test"], ANYBODY[dovecot.family]);
  });
  afterAll(async () => await sandbox?.remove());

  const set = async (...edits: Edit[]) => {
    const result = await changeAccess(sandbox.node, {
      actor: { name: "tester", origin: "cli" },
      rank: "administrator",
      reason: "",
      edits,
    });
    expect(result).toMatchObject({ kind: "done", enforced: true });
  };
  const policy = (subject: string, state: "deny" | "inherit"): Edit => ({
    kind: "policy",
    subject,
    protocol: "pop3",
    state,
    until: null,
  });
  const login = async (user: string) =>
    (
      await wireLogin({
        protocol: "pop3",
        port: sandbox.ports.pop3,
        encryption: "none",
        mechanism: "PLAIN",
        user,
        password: PASSWORD,
      })
    ).answer;
  const shouted = (name: string) => name.replace(/[a-z]/g, (letter) => letter.toUpperCase());

  it.for(HOSTILE)("%j is refused where it is denied, in any case, and nobody else", async (name, context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    expect(parseAddress(name)).toEqual({ ok: true, name });
    expect(await login(name)).toBe("ok");
    await set(policy(name, "deny"));
    expect(await login(name)).toBe("disabled");
    if (/^[\x20-\x7e]*$/.test(name) && !name.includes("%"))
      expect(await login(shouted(name))).toBe("disabled");
    for (const other of HOSTILE.filter((one) => one !== name)) expect(await login(other), other).toBe("ok");
    expect(await login("alice@a.test")).toBe("ok");
    await set(policy(name, "inherit"));
    expect(await login(name)).toBe("ok");
  });

  it("all are refused by their domain's rule", async (context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    await set(policy("@a.test", "deny"), policy(`@${LONG.split("@")[1]}`, "deny"));
    for (const name of HOSTILE) expect(await login(name), name).toBe("disabled");
    expect(await login("carol@b.test")).toBe("ok");
  });
});
