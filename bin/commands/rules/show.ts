import { Command } from "commander";
import { openNode } from "@/lib/server/node";
import { EXIT, print, printJson, setExitCode } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { remoteReport } from "../remote/rules";
import type { Noun } from "./noun";

export function showCommand(noun: Noun): Command {
  const { argument, describe, subjectOf, report } = noun;
  return alsoRemote(
    new Command("show")
      .description("what is effective, because of what, since when, and what Dovecot itself answers")
      .argument(`<${argument}>`, describe)
      .option("--no-proof", "don't ask Dovecot now; tell what it answered last")
      .option("--json", "as JSON")
      .action(async (text: string, { json, proof }: { json?: boolean; proof: boolean }) => {
        const subject = subjectOf(text);
        const api = remotePanel();
        const told = api
          ? await remoteReport(api, noun, subject, proof)
          : await report(await openNode(), subject, proof);
        if (told.contradicted) setExitCode(EXIT.notInForce);
        if (json) printJson(told.json);
        else print([...told.summary, ...told.details]);
      }),
  );
}
