import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaintsOf, readEffective } from "@/lib/system/dovecot/doveconf";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { copyRelease, DOVECOTS } from "../support/dovecot-versions";
import { GROUP, PASSWD } from "../support/read-back";

const CASES = fileURLToPath(new URL("../golden/render", import.meta.url));

describe.each(DOVECOTS)("golden files and the real doveconf $family", (dovecot) => {
  let scratch: string;
  let outside: string;
  let instance: DovecotInstance;
  beforeAll(async () => {
    if (dovecot.missing) return;
    scratch = await mkdtemp(join(tmpdir(), "portcullis-golden-"));
    await chmod(scratch, 0o711);
    // A copy of its own: others copy the one that is kept, at any time.
    const root = dovecot.root === "" ? "" : join(scratch, "root");
    if (root !== "") await copyRelease(dovecot.root, root);
    const folder = root === "" ? scratch : "/tmp/golden";
    outside = join(root, folder);
    instance = {
      root,
      configFile: `${folder}/dovecot.conf`,
      baseDir: `${folder}/run`,
      stagingDir: `${folder}/staging`,
    };
    mkdirSync(join(outside, "portcullis"), { recursive: true });
    const head =
      dovecot.family === "2.4" ? "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n" : "";
    const users =
      "default_login_user = nobody\ndefault_internal_user = nobody\ndefault_internal_group = nogroup\nssl = no\n";
    writeFileSync(
      join(outside, "dovecot.conf"),
      `${head}${users}protocols = pop3 lmtp\n!include portcullis/settings.conf\n`,
    );
    if (root !== "") {
      writeFileSync(join(root, "etc/passwd"), PASSWD);
      writeFileSync(join(root, "etc/group"), GROUP);
    }
  });
  afterAll(() => scratch && rmSync(scratch, { recursive: true }));

  const cases = readdirSync(CASES).filter((name) => !name.startsWith("refused-"));
  it.for(cases)("%s is accepted and means what it says", async (name, context) => {
    if (dovecot.missing) context.skip(dovecot.missing);
    cpSync(join(CASES, name, `expected-${dovecot.family}`), join(outside, "portcullis"), { recursive: true });
    expect(await complaintsOf(instance, instance.configFile)).toEqual([]);
    const { protocols, statsSockets } = await readEffective(instance, instance.configFile);
    const wanted = JSON.parse(readFileSync(join(CASES, name, "state.json"), "utf8")) as {
      settings: Record<string, unknown>;
      otherProtocols: string[];
    };
    const isOn = (key: string) => ![false, "no", "off"].includes(wanted.settings[key] as never);
    expect(protocols.includes("imap")).toBe(isOn("imap"));
    expect(protocols.includes("pop3")).toBe(isOn("pop3"));
    if (dovecot.family === "2.3")
      for (const other of wanted.otherProtocols.filter((one) => one === "lmtp"))
        expect(protocols).toContain(other);
    else expect(protocols).toContain("lmtp");
    expect(statsSockets.some((socket) => socket.startsWith("portcullis-rev-"))).toBe(true);
  });
});
