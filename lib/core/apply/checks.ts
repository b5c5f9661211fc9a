import type { Listener } from "../dovecot/effective";
import { SETTINGS_FILE } from "../dovecot/render";
import { isSettingKey, type SettingsValues } from "../settings/catalogue";
import type { FieldProblem } from "../settings/schema";
import type { StagedTree } from "./ports";
import type { TlsFacts } from "./tls-facts";

/** Which Debian package brings a protocol's programs. */
const PACKAGES: Readonly<Record<string, string>> = {
  imap: "dovecot-imapd",
  pop3: "dovecot-pop3d",
  lmtp: "dovecot-lmtpd",
  sieve: "dovecot-managesieved",
  submission: "dovecot-submissiond",
};

/** Plugins that settings of ours load. Others are the server's own affair. */
const PLUGIN_SETTINGS: Readonly<Record<string, string>> = { zlib: "compress", mail_compress: "compress" };

/**
 * Everything that is wrong with a staged tree, each as a sentence at the setting it belongs to. `doveconf` alone
 * lets through a missing program (Dovecot dies), a foreign address (its master panics) and a taken port.
 */
export function problemsOf(
  tree: StagedTree,
  wanted: SettingsValues,
  tls: TlsFacts | undefined,
): FieldProblem[] {
  const problems: FieldProblem[] = tree.complaints
    .filter((complaint) => !(isAboutCertificate(complaint) && tls && tls.certificate.length > 0))
    .filter((complaint) => !isAboutMapDriver(complaint))
    .map((complaint) => ({
      key: "",
      message: `Dovecot's own checker refuses the configuration: ${complaint}`,
    }));
  for (const { protocol, executable } of tree.missingExecutables) {
    const from = PACKAGES[protocol];
    problems.push({
      key: fieldOf(protocol),
      message: `${protocol.toUpperCase()} can't be opened: its program ${executable} is not installed${from ? ` (package ${from})` : ""}.`,
    });
  }
  for (const plugin of tree.missingPlugins) {
    const key = PLUGIN_SETTINGS[plugin];
    if (key)
      problems.push({ key, message: `Dovecot's plugin ${plugin} is not installed (package dovecot-core).` });
  }
  if (tree.lacksMapDriver || tree.complaints.some(isAboutMapDriver)) {
    problems.push({
      key: "",
      message:
        "Dovecot can't read SQLite (package dovecot-sqlite), so it could not look up who may sign in, and would let nobody in.",
    });
  }
  problems.push(...bindProblems(tree.unbindable, wanted));
  if (tree.effective && !tree.includesOurs) {
    problems.push({
      key: "",
      message: `dovecot.conf doesn't include "portcullis/${SETTINGS_FILE}" any more, so nothing set here would count. Put the line "!include portcullis/${SETTINGS_FILE}" back as its last line.`,
    });
  }
  return problems;
}

/** 2.4 without the driver's module doesn't even know the setting by which the map is named. */
function isAboutMapDriver(complaint: string): boolean {
  return /\bsqlite_path: Unknown setting/.test(complaint);
}

/** One complaint an address that was set here, however many listeners it would have had. */
function bindProblems(unbindable: StagedTree["unbindable"], wanted: SettingsValues): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  for (const { listener, why } of unbindable) {
    const problem = bindProblem(listener, why, wanted);
    problems.set(`${problem.key} ${problem.message}`, problem);
  }
  return [...problems.values()];
}

function bindProblem(
  listener: Listener,
  why: StagedTree["unbindable"][number]["why"],
  wanted: SettingsValues,
): FieldProblem {
  const { protocol, address, port } = listener;
  const name = protocol.toUpperCase();
  if (why === "no-such-address") {
    return wanted.listen_addresses?.includes(address)
      ? {
          key: "listen_addresses",
          message: `${address} is not an address of this host: with it a reload would end Dovecot.`,
        }
      : {
          key: fieldOf(protocol),
          message: `${name} is to listen on ${address}, which is not an address of this host: a reload would end Dovecot.`,
        };
  }
  return {
    key: portField(listener, wanted) ?? fieldOf(protocol),
    message: `${name} can't be opened: port ${port} on ${address} is taken by another program.`,
  };
}

/** The setting that gave a listener its port. */
function portField({ name, port }: Listener, wanted: SettingsValues): string | undefined {
  const key = `${name}_port`;
  return isSettingKey(key) && wanted[key] === port ? key : undefined;
}

function isAboutCertificate(complaint: string): boolean {
  return /\bssl_(?:server_)?(?:cert|key)(?:_file)?\b/.test(complaint);
}

function fieldOf(protocol: string): string {
  return isSettingKey(protocol) ? protocol : "";
}
