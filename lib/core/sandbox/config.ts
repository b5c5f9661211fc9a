import { isPlainPath } from "../dovecot/plain-path";
import { quoteValue, RefusedText } from "../dovecot/quote";
import { SETTINGS_FILE } from "../dovecot/render";
import type { Family } from "../dovecot/version";

export interface SandboxPorts {
  imap: number;
  imaps: number;
  pop3: number;
  pop3s: number;
  lmtp: number;
}

export interface SandboxLayout {
  family: Family;
  /** A user of the system, and the same as whom Dovecot is started: the private one needs no root. */
  user: { name: string; group: string; uid: number; gid: number };
  ports: SandboxPorts;
  /** Folders as Dovecot sees them. */
  configDir: string;
  baseDir: string;
  mailDir: string;
  logFile: string;
}

/**
 * The private Dovecot's own configuration: what a small site would write by hand, with what it takes to run
 * without root (an empty `chroot`, one user for everything). Portcullis's file comes last.
 */
export function sandboxConfig(layout: SandboxLayout): string {
  const { user, configDir, baseDir, logFile } = layout;
  const modern = layout.family === "2.4";
  for (const path of [configDir, baseDir, layout.mailDir, logFile]) plainPath(path);
  const lines = [
    "# The private Dovecot of this Portcullis: made once, yours to edit.",
    ...(modern ? ["dovecot_config_version = 2.4.1", "dovecot_storage_version = 2.4.0"] : []),
    "protocols = imap pop3 lmtp",
    "listen = 127.0.0.1",
    `base_dir = ${baseDir}`,
    `state_dir = ${baseDir}`,
    "instance_name = portcullis-sandbox",
    `log_path = ${logFile}`,
    `default_internal_user = ${quoteValue(user.name)}`,
    `default_internal_group = ${quoteValue(user.group)}`,
    `default_login_user = ${quoteValue(user.name)}`,
    `first_valid_uid = ${user.uid}`,
    `first_valid_gid = ${user.gid}`,
    "",
    "ssl = yes",
    ...(modern
      ? [`ssl_server_cert_file = ${configDir}/cert.pem`, `ssl_server_key_file = ${configDir}/key.pem`]
      : [`ssl_cert = <${configDir}/cert.pem`, `ssl_key = <${configDir}/key.pem`]),
    // A mail client that is pointed at the loopback must get in without TLS as well.
    modern ? "auth_allow_cleartext = yes" : "disable_plaintext_auth = no",
    "",
    ...(modern ? modernMail(layout) : classicMail(layout)),
    "",
    ...loginService("imap-login", "imap", layout.ports.imap, "imaps", layout.ports.imaps),
    ...loginService("pop3-login", "pop3", layout.ports.pop3, "pop3s", layout.ports.pop3s),
    "service lmtp {",
    "  inet_listener lmtp {",
    `    port = ${quoteValue(layout.ports.lmtp)}`,
    "  }",
    "}",
    "service anvil {",
    "  chroot =",
    "}",
    "",
    "# Read last, so that what is set in the panel counts.",
    `!include portcullis/${SETTINGS_FILE}`,
    "",
  ];
  return lines.join("\n");
}

function loginService(
  service: string,
  plain: string,
  plainPort: number,
  tls: string,
  tlsPort: number,
): string[] {
  return [
    `service ${service} {`,
    "  chroot =",
    `  inet_listener ${plain} {`,
    `    port = ${quoteValue(plainPort)}`,
    "  }",
    `  inet_listener ${tls} {`,
    `    port = ${quoteValue(tlsPort)}`,
    "    ssl = yes",
    "  }",
    "}",
  ];
}

function classicMail({ configDir, mailDir, user }: SandboxLayout): string[] {
  return [
    `mail_location = maildir:${mailDir}/%d/%n`,
    ...MAILBOXES,
    "passdb {",
    "  driver = passwd-file",
    `  args = username_format=%u ${configDir}/users`,
    "}",
    "userdb {",
    "  driver = passwd-file",
    `  args = username_format=%u ${configDir}/users`,
    `  default_fields = uid=${user.uid} gid=${user.gid} home=${mailDir}/%d/%n`,
    "}",
  ];
}

function modernMail({ configDir, mailDir, user }: SandboxLayout): string[] {
  return [
    "mail_driver = maildir",
    `mail_path = ${mailDir}/%{user|domain}/%{user|username}`,
    ...MAILBOXES,
    "passdb passwd-file {",
    `  passwd_file_path = ${configDir}/users`,
    "}",
    "userdb passwd-file {",
    `  passwd_file_path = ${configDir}/users`,
    "  fields {",
    `    uid = ${user.uid}`,
    `    gid = ${user.gid}`,
    `    home = ${mailDir}/%{user|domain}/%{user|username}`,
    "  }",
    "}",
  ];
}

const MAILBOXES = [
  "namespace inbox {",
  "  inbox = yes",
  ...["Sent", "Trash", "Junk"].flatMap((name) => [
    `  mailbox ${name} {`,
    "    auto = subscribe",
    `    special_use = "\\\\${name}"`,
    "  }",
  ]),
  "}",
];

function plainPath(path: string): void {
  if (!isPlainPath(path)) {
    throw new RefusedText(
      `The folder ${JSON.stringify(path)} has a character that Dovecot's configuration can't take. Choose a PORTCULLIS_HOME of letters, digits, "-", "_" and ".".`,
    );
  }
}
