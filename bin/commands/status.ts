import { Command } from "commander";
import { accessEnforcement, type Enforcement } from "@/lib/server/access/enforcement";
import { differences, type MailserverStatus, mailserverStatus } from "@/lib/server/mailserver/status";
import { openNode } from "@/lib/server/node";
import { accessJson } from "./access-facts";
import { print, printJson, table } from "./output";

export function statusCommand(): Command {
  return new Command("status")
    .description("show what is wanted, in force and seen; every listener with what a probe saw just now")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const node = await openNode();
      const status = await mailserverStatus(node);
      const access = await accessEnforcement(node);
      if (json) printJson({ ...statusJson(status), access: accessJson(access) });
      else print([...statusLines(status), ...accessLines(access)]);
    });
}

/** The machine-readable form: names and types here are a promise to scripts (docs/cli.md). */
function statusJson(status: MailserverStatus) {
  const { wanted, inForce, dovecot } = status;
  return {
    checkedAt: status.checkedAt,
    dovecot,
    wanted: {
      revision: wanted.number,
      settings: wanted.values,
      author: wanted.author,
      reason: wanted.reason,
      createdAt: wanted.createdAt,
    },
    inForce,
    files: status.files,
    loaded: status.loaded,
    settled: status.settled,
    protocols: status.protocols,
    listenersKnown: status.listenersKnown,
    listeners: status.listeners,
    sessions: status.sessions,
    lastAttempt: status.lastAttempt && {
      outcome: status.lastAttempt.outcome,
      finishedAt: status.lastAttempt.finishedAt,
    },
    differences: differences(status),
  };
}

function statusLines(status: MailserverStatus): string[] {
  const { wanted, inForce, dovecot } = status;
  const found = differences(status);
  return [
    `Dovecot    ${dovecot.version}, ${dovecot.running ? "running" : "not running"}`,
    `Wanted     revision ${wanted.number} by ${wanted.author}${wanted.reason ? `: ${wanted.reason}` : ""}`,
    `In force   ${inForce ? `revision ${inForce.revision}` : "nothing was applied yet"}`,
    "",
    ...table([
      ["PROTOCOL", "ADDRESS", "PORT", "TLS", "WANTED", "SEEN"],
      ...status.listeners.map(({ protocol, address, port, tls, wanted: want, seen, latencyMs, reason }) => [
        protocol,
        address,
        String(port),
        tls ? "yes" : "no",
        want,
        seen === "open" ? `open (${latencyMs} ms)` : seen === "failing" ? `failing: ${reason ?? ""}` : seen,
      ]),
    ]),
    "",
    ...(found.length > 0 ? found : ["Everything that is wanted is seen in force."]),
  ];
}

function accessLines({ enforced, troubles }: Enforcement): string[] {
  return enforced
    ? ["Rules for accounts are enforced."]
    : ["Rules for accounts are not enforced:", ...troubles];
}
