import { Command, CommanderError } from "commander";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { databaseFailure } from "@/lib/server/database/failure";
import { LockTimeout } from "@/lib/system/lock";
import { version } from "@/package.json";
import { completionCommand } from "./commands/completion/command";
import { mailserverCommand } from "./commands/mailserver/command";
import { EXIT, exitCode, UsageError } from "./commands/output";
import { renderCommand } from "./commands/render";
import { sandboxCommand } from "./commands/sandbox";
import { statusCommand } from "./commands/status";
import { verifyCommand } from "./commands/verify";

const EXIT_HELP = `
Exit codes:
  0  done, and in force
  1  Portcullis failed
  2  the command line or a value is wrong; nothing was changed
  3  refused before anything was touched
  4  somebody saved in between; nothing was changed
  5  rolled back: the change failed and what was in force before was put back
  6  stuck: not in force, and not seen to be as before
  7  what is wanted is not seen in force (verify)`;

/** Runs one command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = createProgram();
  overrideExit(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode();
  } catch (error) {
    return failure(error);
  }
}

export function createProgram(): Command {
  const program = new Command("portcullis")
    .description("IMAP and POP3 of a Dovecot server: what is wanted, what is in force, what is seen.")
    .version(version)
    .addHelpText("after", EXIT_HELP)
    .showHelpAfterError("(add --help for the options)");
  for (const command of [
    statusCommand(),
    mailserverCommand(),
    renderCommand(),
    verifyCommand(),
    sandboxCommand(),
    completionCommand(program),
  ]) {
    program.addCommand(command);
  }
  return program;
}

/** Commander would end the process, and with a code of its own. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) overrideExit(child);
}

function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UsageError || error instanceof RefusedText) return say(error.message, EXIT.usage);
  if (error instanceof UnsupportedServer || error instanceof MachineFailure || error instanceof LockTimeout) {
    return say(error.message, EXIT.refused);
  }
  const database = databaseFailure(error);
  if (database) return say(database, EXIT.refused);
  throw error;
}

function say(sentence: string, code: number): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}
