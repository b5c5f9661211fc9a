import { Command } from "commander";
import { describeCommand } from "./describe";
import { exportCommand } from "./export";
import { getCommand } from "./get";
import { importCommand } from "./import";
import { listCommand } from "./list";
import { setCommand } from "./set";

export function mailserverCommand(): Command {
  return new Command("mailserver")
    .description("the Mailserver Configuration")
    .addCommand(getCommand())
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(describeCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand());
}
