import { Command } from "commander";
import { compareCommand } from "./compare";
import { describeCommand } from "./describe";
import { exportCommand } from "./export";
import { freezeCommand } from "./freeze";
import { getCommand } from "./get";
import { historyCommand } from "./history";
import { importCommand } from "./import";
import { keepCommand } from "./keep";
import { listCommand } from "./list";
import { setCommand } from "./set";
import { showCommand } from "./show";
import { undoCommand } from "./undo";

export function mailserverCommand(): Command {
  return new Command("mailserver")
    .description("the Mailserver Configuration")
    .addCommand(getCommand())
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(describeCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(historyCommand())
    .addCommand(showCommand())
    .addCommand(compareCommand())
    .addCommand(undoCommand())
    .addCommand(keepCommand())
    .addCommand(freezeCommand());
}
