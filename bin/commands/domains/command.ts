import { Command } from "commander";
import { noteCommand, notesCommand } from "../rules/notes";
import { DOMAIN } from "../rules/noun";
import { resumeCommand } from "../rules/resume";
import { setCommand } from "../rules/set";
import { showCommand } from "../rules/show";
import { suspendCommand } from "../rules/suspend";
import { clientsCommand } from "./clients";
import { listCommand } from "./list";

export function domainsCommand(): Command {
  return new Command("domains")
    .description("IMAP and POP3 of whole domains, and with '*' of everybody without a rule of their own")
    .addCommand(listCommand())
    .addCommand(showCommand(DOMAIN))
    .addCommand(clientsCommand())
    .addCommand(setCommand(DOMAIN))
    .addCommand(suspendCommand(DOMAIN))
    .addCommand(resumeCommand(DOMAIN))
    .addCommand(noteCommand(DOMAIN))
    .addCommand(notesCommand(DOMAIN));
}
