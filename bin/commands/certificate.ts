import { Command } from "commander";
import { openHostNode } from "@/lib/server/host-node";
import {
  certificateRenewed,
  portSentence,
  type RenewalOutcome,
  sentencesOf,
} from "@/lib/server/mailserver/certificate-renewed";
import { EXIT, type ExitCode, note, print, printJson, setExitCode } from "./output";
import { shellActor } from "./rules/arguments";

export function certificateCommand(): Command {
  return new Command("certificate")
    .description("the mail server's TLS certificate")
    .addCommand(renewedCommand());
}

interface Options {
  lineage?: string;
  duringFreeze?: boolean;
  json?: boolean;
}

function renewedCommand(): Command {
  return new Command("renewed")
    .description("it was renewed: check it, reload Dovecot once, and see by a TLS handshake that it is shown")
    .option("--lineage <dir>", "the folder that was renewed; nothing is done where Dovecot uses another")
    .option("--during-freeze", "reload although a freeze window stands")
    .option("--json", "as JSON")
    .action(async ({ lineage, duringFreeze = false, json }: Options) => {
      const outcome = await certificateRenewed(await openHostNode(), {
        actor: shellActor(),
        lineage,
        duringFreeze,
      });
      setExitCode(CODES[outcome.kind]);
      if (json) {
        const { kind, ...facts } = outcome;
        return printJson({ outcome: kind, ...facts });
      }
      tell(outcome);
    });
}

const CODES: Readonly<Record<RenewalOutcome["kind"], ExitCode>> = {
  another: EXIT.done,
  unchanged: EXIT.done,
  served: EXIT.done,
  rejected: EXIT.refused,
  "not-served": EXIT.stuck,
};

function tell(outcome: RenewalOutcome): void {
  switch (outcome.kind) {
    case "another":
      return print(`Dovecot uses another certificate, ${outcome.path}: nothing was done.`);
    case "rejected":
      return note([...outcome.problems, "Nothing was changed."]);
    case "not-served":
      return note([...sentencesOf(outcome), ...outcome.ports.map((port) => `  ${portSentence(port)}`)]);
    default:
      return print([...sentencesOf(outcome), ...outcome.ports.map((port) => `  ${portSentence(port)}`)]);
  }
}
