import { Command } from "commander";
import { noteCommand, notesCommand } from "../rules/notes";
import { ACCOUNT } from "../rules/noun";
import { resumeCommand } from "../rules/resume";
import { setCommand } from "../rules/set";
import { showCommand } from "../rules/show";
import { suspendCommand } from "../rules/suspend";
import { exportCommand } from "./export";
import { importCommand } from "./import";
import { listCommand } from "./list";
import { syncCommand } from "./sync";

export function accountsCommand(): Command {
  return new Command("accounts")
    .description("IMAP and POP3 of single accounts")
    .addCommand(listCommand())
    .addCommand(showCommand(ACCOUNT))
    .addCommand(setCommand(ACCOUNT))
    .addCommand(suspendCommand(ACCOUNT))
    .addCommand(resumeCommand(ACCOUNT))
    .addCommand(noteCommand(ACCOUNT))
    .addCommand(notesCommand(ACCOUNT))
    .addCommand(syncCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand());
}
