import { Command, CommanderError } from "commander";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { databaseFailure } from "@/lib/server/database/failure";
import { log } from "@/lib/server/log";
import { LockTimeout } from "@/lib/system/lock";
import { version } from "@/package.json";
import { accessCommand } from "./commands/access";
import { accountsCommand } from "./commands/accounts/command";
import { adminCommand } from "./commands/admin";
import { adoptCommand } from "./commands/adopt/command";
import { releaseCommand } from "./commands/adopt/release";
import { alertsCommand } from "./commands/alerts";
import { auditCommand } from "./commands/audit";
import { backupCommand } from "./commands/backup";
import { certificateCommand } from "./commands/certificate";
import { changesCommand } from "./commands/changes/command";
import { completionCommand } from "./commands/completion/command";
import { doctorCommand } from "./commands/doctor";
import { domainsCommand } from "./commands/domains/command";
import { dovecotCommand } from "./commands/dovecot";
import { driftCommand } from "./commands/drift";
import { helperCommand } from "./commands/helper";
import { hooksCommand } from "./commands/hooks";
import { jobsCommand } from "./commands/jobs/command";
import { mailserverCommand } from "./commands/mailserver/command";
import { EXIT, exitCode, UsageError } from "./commands/output";
import { panelCommand } from "./commands/panel";
import { chooseRemote, remoteFailure } from "./commands/remote/panel";
import { renderCommand } from "./commands/render";
import { restoreCommand } from "./commands/restore";
import { sandboxCommand } from "./commands/sandbox";
import { serveCommand } from "./commands/serve";
import { sessionsCommand } from "./commands/sessions/command";
import { statusCommand } from "./commands/status";
import { tokenCommand } from "./commands/token";
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
  7  saved, and not enforced or not seen in force; verify, access status: what is wanted isn't; doctor: a check failed;
     audit verify: somebody tampered with the audit
  8  not all of it: a list that is partial, a job that was stopped or failed; what was done stays`;

/** Runs one command line and returns its exit code. `root`: the folder that Portcullis's own programs lie in. */
export async function main(args: readonly string[], root: string): Promise<number> {
  // Standard output is the command's answer; what a person needs to know of a failure is told in a sentence.
  log.level = "silent";
  endWithReader();
  const program = createProgram(root);
  overrideExit(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode();
  } catch (error) {
    return failure(error);
  }
}

export function createProgram(root: string): Command {
  const program = new Command("portcullis")
    .description("IMAP and POP3 of a Dovecot server: what is wanted, what is in force, what is seen.")
    .version(version)
    .addHelpText("after", EXIT_HELP)
    .showHelpAfterError("(add --help for the options)");
  chooseRemote(program);
  for (const command of [
    statusCommand(),
    mailserverCommand(),
    accountsCommand(),
    domainsCommand(),
    sessionsCommand(),
    accessCommand(),
    changesCommand(),
    jobsCommand(),
    renderCommand(),
    verifyCommand(),
    doctorCommand(root),
    alertsCommand(),
    auditCommand(),
    panelCommand(),
    hooksCommand(),
    adminCommand(),
    tokenCommand(),
    driftCommand(),
    certificateCommand(),
    dovecotCommand(),
    restoreCommand(),
    backupCommand(root),
    adoptCommand(root),
    releaseCommand(),
    serveCommand(root),
    helperCommand(),
    sandboxCommand(),
    completionCommand(program),
  ]) {
    program.addCommand(command);
  }
  return program;
}

/** `portcullis accounts list | head`: whoever reads has seen enough. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT.done);
  });
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
  const remote = remoteFailure(error);
  if (remote) return say(remote.sentence, remote.code);
  const database = databaseFailure(error);
  if (database) return say(database, EXIT.refused);
  throw error;
}

function say(sentence: string, code: number): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}
