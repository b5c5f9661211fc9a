import { Command } from "commander";
import { listCommand } from "./list";
import { showCommand } from "./show";
import { undoCommand } from "./undo";

export function changesCommand(): Command {
  return new Command("changes")
    .description("the history of policies and suspensions, and the way back")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(undoCommand());
}
