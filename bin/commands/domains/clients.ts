import { Command } from "commander";
import { domainOfSubject, EVERYBODY } from "@/lib/core/access/subject";
import type { ClientsView } from "@/lib/core/client-config/views";
import { clientsView } from "@/lib/server/client-config/clients-view";
import { mailserverStatus } from "@/lib/server/mailserver/status";
import { openNode } from "@/lib/server/node";
import { panelSettings } from "@/lib/server/panel-settings";
import { print, printJson, table, UsageError } from "../output";
import { domainSubjectOf } from "../rules/arguments";
import { section } from "../rules/report";

export function clientsCommand(): Command {
  return new Command("clients")
    .description("what mail programs are told of a domain, and what to publish in DNS")
    .argument("<domain>", "the domain")
    .option("--check", "ask the resolver that is set what DNS says")
    .option("--json", "as JSON")
    .action(async (text: string, { check, json }: { check?: boolean; json?: boolean }) => {
      const subject = domainSubjectOf(text);
      const domain = domainOfSubject(subject);
      if (subject === EVERYBODY || domain === "") throw new UsageError("Mail programs ask about one domain.");
      const node = await openNode();
      const view = await clientsView(
        node,
        await mailserverStatus(node),
        domain,
        check ? await resolverIn(node.db) : undefined,
      );
      if (json) printJson(view);
      else print(linesFor(view));
    });
}

async function resolverIn(db: Parameters<typeof panelSettings>[0]): Promise<string> {
  const { resolver } = (await panelSettings(db, "clients")).values;
  if (resolver !== "") return resolver;
  throw new UsageError(
    "No resolver is set, so DNS is not asked: portcullis panel set clients.resolver=192.0.2.53",
  );
}

function linesFor({
  domain,
  incoming,
  outgoing,
  closed,
  profile,
  warnings,
  records,
  dns,
}: ClientsView): string[] {
  const servers = [
    ...incoming.map(({ protocol, ...server }) => ({ ...server, kind: protocol.toUpperCase() })),
    ...(outgoing ? [{ ...outgoing, kind: "SMTP" }] : []),
  ];
  return [
    incoming.length === 0
      ? `Mail programs are told nothing of ${domain}.`
      : `Mail programs of ${domain} are told:`,
    ...(incoming.length === 0
      ? []
      : indented(servers.map(({ kind, host, port, security }) => [kind, host, String(port), security]))),
    ...closed.map(({ protocol, because }) => `  ${protocol.toUpperCase()} is not told. ${because}`),
    `  Apple profile: ${profile.sentence}`,
    ...section(
      "To be looked at",
      warnings.map((warning) => `  ${warning}`),
    ),
    ...section(
      "To publish in DNS",
      indented(
        records.map(({ name, type, data }, index) => [
          `${name}.`,
          `IN ${type}`,
          data,
          ...(dns ? [dns.records[index]?.sentence ?? ""] : []),
        ]),
      ),
    ),
    ...(dns?.host ? ["", `The mail server's name ${dns.host.name}: ${dns.host.sentence}`] : []),
  ];
}

function indented(rows: readonly string[][]): string[] {
  return table(rows).map((line) => `  ${line}`);
}
