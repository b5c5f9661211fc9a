import { Argument, Command } from "commander";
import { print } from "../output";
import { bashScript } from "./bash";
import { fishScript } from "./fish";
import { pointsOf } from "./words";
import { zshScript } from "./zsh";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

type Shell = keyof typeof SCRIPTS;

/** Prints a script for a shell. It holds every word, so that pressing Tab starts nothing of ours. */
export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("print a script that completes commands, options, settings and their values")
    .addArgument(new Argument("<shell>", "your shell").choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => print(SCRIPTS[shell](pointsOf(program)).trimEnd()));
}
