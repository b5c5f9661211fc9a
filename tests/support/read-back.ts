import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isWritten } from "@/lib/core/apply/overrides";
import { renderSettings, SETTINGS_FILE } from "@/lib/core/dovecot/render";
import { type RenderTarget, siteFacts } from "@/lib/core/dovecot/target";
import { type SettingsValues, settings } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import { effectiveOf, readConfig } from "@/lib/system/dovecot/doveconf";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";
import { type AvailableDovecot, copyRelease } from "./dovecot-versions";

/** What sites have in their own files that the generated one must get along with. */
export const SITES: Readonly<Record<string, Record<"2.3" | "2.4", string>>> = {
  plain: { "2.3": "namespace inbox {\n  inbox = yes\n}\n", "2.4": "namespace inbox {\n  inbox = yes\n}\n" },
  "without a namespace": { "2.3": "", "2.4": "" },
  "with plugins and quota": {
    "2.3":
      "namespace mine {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\nmail_plugins = quota\nprotocol imap {\n  mail_plugins = $mail_plugins imap_quota\n}\nplugin {\n  quota_rule = *:storage=1G\n  quota_rule2 = Sent:storage=+1G\n}\n",
    "2.4":
      "namespace mine {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\nmail_plugins {\n  quota = yes\n}\nprotocol imap {\n  mail_plugins {\n    imap_quota = yes\n  }\n}\n",
  },
  "without a name for its inbox": {
    "2.3": "namespace {\n  inbox = yes\n  mailbox Trash {\n    auto = create\n  }\n}\n",
    "2.4": "namespace inbox {\n  inbox = yes\n}\n",
  },
  "strict about TLS, with limits of its own": {
    "2.3":
      "namespace inbox {\n  inbox = yes\n}\nssl = required\nmail_max_userip_connections = 50\nprotocol imap {\n  mail_max_userip_connections = 7\n}\nservice imap-login {\n  process_limit = 3\n}\nmdbox_rotate_size = 33M\n",
    "2.4":
      "namespace inbox {\n  inbox = yes\n}\nssl = required\nmail_max_userip_connections = 50\nprotocol imap {\n  mail_max_userip_connections = 7\n}\nservice imap-login {\n  process_limit = 3\n}\nmdbox_rotate_size = 33M\n",
  },
};

/** A folder in which the real `doveconf` reads what was rendered for a site. */
export interface ReadBack {
  instance: DovecotInstance;
  target: RenderTarget;
  /** What `doveconf` reads otherwise than it was set, a sentence each. Throws when it refuses the file. */
  differences(values: SettingsValues): Promise<string[]>;
  remove(): void;
}

const USERS =
  "default_login_user = nobody\ndefault_internal_user = nobody\ndefault_internal_group = nogroup\n";

export async function readBackAt(dovecot: AvailableDovecot, name: string, site: string): Promise<ReadBack> {
  const { family } = dovecot;
  const scratch = await mkdtemp(join(tmpdir(), `portcullis-${name}-`));
  await chmod(scratch, 0o711);
  // A copy of its own: others copy the one that is kept, at any time.
  const root = dovecot.root === "" ? "" : join(scratch, "root");
  if (root !== "") await copyRelease(dovecot.root, root);
  const folder = root === "" ? scratch : "/tmp/site";
  const outside = join(root, folder);
  const instance: DovecotInstance = {
    root,
    configFile: `${folder}/dovecot.conf`,
    baseDir: `${folder}/run`,
    stagingDir: `${folder}/staging`,
  };
  mkdirSync(join(outside, "portcullis"), { recursive: true });
  if (root !== "") {
    writeFileSync(join(root, "etc/passwd"), PASSWD);
    writeFileSync(join(root, "etc/group"), GROUP);
  }
  const head = family === "2.4" ? "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n" : "";
  writeFileSync(
    join(outside, "dovecot.conf"),
    `${head}${USERS}protocols = pop3 lmtp\n${site}\n!include portcullis/${SETTINGS_FILE}\n`,
  );
  const write = (content: string) => writeFileSync(join(outside, "portcullis", SETTINGS_FILE), content);
  write("");
  const tree = await readConfig(instance, instance.configFile);
  const target: RenderTarget = { family, otherProtocols: ["lmtp"], site: siteFacts(tree) };
  return {
    instance,
    target,
    async differences(values) {
      const { files, mark } = renderSettings(values, target, (text) =>
        createHash("sha256").update(text).digest("hex"),
      );
      write(files[SETTINGS_FILE] ?? "");
      const read = await readConfig(instance, instance.configFile);
      const effective = effectiveOf(read);
      const found = settings
        .filter((setting) => isWritten(setting, values, family))
        .map((setting) => ({ ...setting, back: setting.read(read, family) ?? null }))
        .filter(({ key, back }) => !sameWanted(values[key], back))
        .map(
          ({ key, back }) => `${key}: ${JSON.stringify(values[key])} reads back as ${JSON.stringify(back)}`,
        );
      if (!effective.protocols.includes("lmtp")) found.push("lmtp is gone from protocols");
      if (!effective.statsSockets.includes(mark)) found.push("the loaded mark is not declared");
      return found;
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** The users that Dovecot looks for where a release was unpacked. */
export const PASSWD =
  "root:x:0:0::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\ndovecot:x:998:998::/:/bin/false\ndovenull:x:997:997::/:/bin/false\n";
export const GROUP = "root:x:0:\nnogroup:x:65534:\ndovecot:x:998:\ndovenull:x:997:\n";
