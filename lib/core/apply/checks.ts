import type { Listener } from "../dovecot/effective";
import { SETTINGS_FILE } from "../dovecot/render";
import { isSettingKey, type SettingsValues } from "../settings/catalogue";
import type { FieldProblem } from "../settings/schema";
import type { StagedTree } from "./ports";

/** Which Debian package brings a protocol's programs. */
const PACKAGES: Readonly<Record<string, string>> = {
  imap: "dovecot-imapd",
  pop3: "dovecot-pop3d",
  lmtp: "dovecot-lmtpd",
  sieve: "dovecot-managesieved",
  submission: "dovecot-submissiond",
};

/**
 * Everything that is wrong with a staged tree, each as a sentence at the setting it belongs to. `doveconf` alone
 * lets through a missing program (Dovecot dies), a foreign address (its master panics) and a taken port.
 */
export function problemsOf(tree: StagedTree, wanted: SettingsValues): FieldProblem[] {
  const problems: FieldProblem[] = tree.complaints.map((complaint) => ({
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
  for (const { listener, why } of tree.unbindable) {
    problems.push({ key: fieldOf(listener.protocol), message: bindSentence(listener, why) });
  }
  if (tree.effective && !tree.includesOurs) {
    problems.push({
      key: "",
      message: `dovecot.conf doesn't include "portcullis/${SETTINGS_FILE}" any more, so nothing set here would count. Put the line "!include portcullis/${SETTINGS_FILE}" back as its last line.`,
    });
    return problems;
  }
  return tree.effective ? [...problems, ...overrides(tree.effective.protocols, wanted)] : problems;
}

function bindSentence(
  { protocol, address, port }: Listener,
  why: StagedTree["unbindable"][number]["why"],
): string {
  const name = protocol.toUpperCase();
  return why === "taken"
    ? `${name} can't be opened: port ${port} on ${address} is taken by another program.`
    : `${name} is to listen on ${address}, which is not an address of this host: a reload would end Dovecot.`;
}

/** A line read after our file that undoes it: the setting would be saved and have no effect. */
function overrides(effective: readonly string[], wanted: SettingsValues): FieldProblem[] {
  return (["imap", "pop3"] as const)
    .filter((protocol) => effective.includes(protocol) !== wanted[protocol])
    .map((protocol) => ({
      key: protocol,
      message: `Another line sets "protocols" after the file that Portcullis writes, so ${protocol.toUpperCase()} would stay ${wanted[protocol] ? "closed" : "open"}. Move that line before the include of Portcullis's file.`,
    }));
}

function fieldOf(protocol: string): string {
  return isSettingKey(protocol) ? protocol : "";
}
