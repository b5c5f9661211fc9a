import { Command } from "commander";
import { levelOf, type Subject } from "@/lib/core/access/subject";
import { auditAccountLook } from "@/lib/server/audit/read";
import { openNode } from "@/lib/server/node";
import { EXIT, print, printJson, setExitCode } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { remoteReport } from "../remote/rules";
import { shellActor } from "./arguments";
import type { Noun } from "./noun";
import type { Report } from "./report";

export function showCommand(noun: Noun): Command {
  const { argument, describe, subjectOf } = noun;
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
          : await localReport(noun, subject, proof);
        if (told.contradicted) setExitCode(EXIT.notInForce);
        if (json) printJson(told.json);
        else print([...told.summary, ...told.details]);
      }),
  );
}

async function localReport({ report }: Noun, subject: Subject, proof: boolean): Promise<Report> {
  const node = await openNode();
  const told = await report(node, subject, proof);
  if (levelOf(subject) === "account") await auditAccountLook(node.db, shellActor(), subject);
  return told;
}
