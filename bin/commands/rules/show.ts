import { Command } from "commander";
import { levelOf } from "@/lib/core/access/subject";
import { auditAccountLook } from "@/lib/server/audit/read";
import { openNode } from "@/lib/server/node";
import { EXIT, print, printJson, setExitCode } from "../output";
import { shellActor } from "./arguments";
import type { Noun } from "./noun";

export function showCommand({ argument, describe, subjectOf, report }: Noun): Command {
  return new Command("show")
    .description("what is effective, because of what, since when, and what Dovecot itself answers")
    .argument(`<${argument}>`, describe)
    .option("--no-proof", "don't ask Dovecot now; tell what it answered last")
    .option("--json", "as JSON")
    .action(async (text: string, { json, proof }: { json?: boolean; proof: boolean }) => {
      const subject = subjectOf(text);
      const node = await openNode();
      const told = await report(node, subject, proof);
      if (levelOf(subject) === "account") await auditAccountLook(node.db, shellActor(), subject);
      if (told.contradicted) setExitCode(EXIT.notInForce);
      if (json) printJson(told.json);
      else print([...told.summary, ...told.details]);
    });
}
