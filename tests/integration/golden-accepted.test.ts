import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaintsOf, readEffective } from "@/lib/system/dovecot/doveconf";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { DOVECOTS } from "../support/dovecot-versions";

const CASES = fileURLToPath(new URL("../golden/render", import.meta.url));

describe.each(DOVECOTS)("golden files and the real doveconf $family", (dovecot) => {
  const folder =
    dovecot.root === "" ? join(tmpdir(), `portcullis-golden-${process.pid}`) : `/tmp/golden-${process.pid}`;
  const outside = dovecot.root === "" ? folder : join(dovecot.root, folder);
  const instance: DovecotInstance = {
    root: dovecot.root,
    configFile: `${folder}/dovecot.conf`,
    baseDir: `${folder}/run`,
    stagingDir: `${folder}/staging`,
  };
  beforeAll(() => {
    if (dovecot.missing) return;
    mkdirSync(join(outside, "portcullis"), { recursive: true });
    const head =
      dovecot.family === "2.4" ? "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n" : "";
    const users =
      "default_login_user = nobody\ndefault_internal_user = nobody\ndefault_internal_group = nogroup\nssl = no\n";
    writeFileSync(
      join(outside, "dovecot.conf"),
      `${head}${users}protocols = pop3 lmtp\n!include portcullis/settings.conf\n`,
    );
    if (dovecot.root !== "") {
      writeFileSync(join(dovecot.root, "etc/passwd"), PASSWD);
      writeFileSync(join(dovecot.root, "etc/group"), GROUP);
    }
  });
  afterAll(() => rmSync(outside, { recursive: true, force: true }));

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

const PASSWD =
  "root:x:0:0::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\ndovecot:x:998:998::/:/bin/false\ndovenull:x:997:997::/:/bin/false\n";
const GROUP = "root:x:0:\nnogroup:x:65534:\ndovecot:x:998:\ndovenull:x:997:\n";
