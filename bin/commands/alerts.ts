import { Command } from "commander";
import { CHANNELS, isChannel } from "@/lib/core/alerts/alert";
import type { AlertView } from "@/lib/core/views";
import { sendTest } from "@/lib/server/alerts/test";
import { alertViews, testView } from "@/lib/server/alerts/views";
import { openNode } from "@/lib/server/node";
import { EXIT, print, printJson, setExitCode, table, UsageError } from "./output";
import { shellActor } from "./rules/arguments";

export function alertsCommand(): Command {
  return new Command("alerts")
    .description("what a person must look at, who was told, and whether telling works")
    .addCommand(
      new Command("list")
        .description("what stands, as the running panel last saw it")
        .option("--json", "as JSON")
        .action(list),
    )
    .addCommand(
      new Command("test")
        .description("send a test by one channel, and say what came of it")
        .argument("<channel>", CHANNELS.join(" | "))
        .option("--json", "as JSON: channel, outcome, to, failure, tookMs")
        .action(test),
    );
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { db } = await openNode();
  const alerts = await alertViews(db, { stands: true });
  if (json) return printJson(alerts);
  if (alerts.length === 0) return print("Nothing stands.");
  print(
    table([
      ["SEVERITY", "SINCE", "TOLD BY", "WHAT"],
      ...alerts.map((alert) => [alert.severity, alert.since, toldBy(alert), alert.sentence]),
    ]),
  );
}

function toldBy({ told }: AlertView): string {
  const by = told.filter(({ toldAt }) => toldAt !== null).map(({ channel }) => channel);
  return by.length === 0 ? "nobody" : by.join(", ");
}

async function test(channel: string, { json }: { json?: boolean }): Promise<void> {
  if (!isChannel(channel)) throw new UsageError(`There is no channel ${channel}: ${CHANNELS.join(" or ")}.`);
  const result = await sendTest(await openNode(), channel, shellActor());
  if (result.outcome === "not-set-up")
    throw new UsageError(
      channel === "webhook"
        ? "No webhook is set up: portcullis panel set alerts.webhookUrl=https://…"
        : "No e-mail is set up: portcullis panel set alerts.smtpHost=… alerts.mailFrom=… alerts.mailTo=…",
    );
  if (result.outcome === "failed") setExitCode(EXIT.failed);
  if (json) printJson({ channel, ...result });
  else print(testView(result).sentence);
}
