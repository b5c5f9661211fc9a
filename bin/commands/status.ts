import { Command } from "commander";
import type { StatusJson } from "@/lib/core/api/answers/status";
import { statusFacts } from "@/lib/server/mailserver/status-facts";
import { openNode } from "@/lib/server/node";
import { print, printJson, table } from "./output";
import { alsoRemote, remotePanel } from "./remote/panel";

export function statusCommand(): Command {
  return alsoRemote(
    new Command("status")
      .description("show what is wanted, in force and seen; every listener with what a probe saw just now")
      .option("--json", "as JSON")
      .action(async ({ json }: { json?: boolean }) => {
        const api = remotePanel();
        const status = api ? (await api.showStatus()).body : await statusFacts(await openNode());
        if (json) printJson(status);
        else print([...statusLines(status), ...accessLines(status.access)]);
      }),
  );
}

function statusLines(status: StatusJson): string[] {
  const { wanted, inForce, dovecot, differences: found } = status;
  return [
    `Dovecot    ${dovecot.version}, ${dovecot.running ? "running" : "not running"}`,
    `Wanted     revision ${wanted.revision} by ${wanted.author}${wanted.reason ? `: ${wanted.reason}` : ""}`,
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

function accessLines({ enforced, troubles }: StatusJson["access"]): string[] {
  return enforced
    ? ["Rules for accounts are enforced."]
    : ["Rules for accounts are not enforced:", ...troubles];
}
