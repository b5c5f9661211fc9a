import type { Command, Option } from "commander";
import { createProgram } from "./cli";
import { bashScript } from "./commands/completion/bash";
import { pointsOf } from "./commands/completion/words";
import { zshScript } from "./commands/completion/zsh";

/** What a package carries beside the program: the manual page (roff, man(7)) and what shells complete, from the commands. */
export function shellFiles(version: string): { manual: string; bash: string; zsh: string } {
  const program = createProgram("/");
  const points = pointsOf(program);
  return { manual: manualPage(program, version), bash: bashScript(points), zsh: zshScript(points) };
}

export function manualPage(program: Command, version: string): string {
  return [
    `.TH PORTCULLIS 1 "" "Portcullis ${roff(version)}" "System administration"`,
    ".SH NAME",
    "portcullis \\- IMAP and POP3 of a Dovecot server, set, seen and proved",
    ".SH SYNOPSIS",
    ".B portcullis",
    ".I command",
    "[",
    ".I options",
    "]",
    ".SH DESCRIPTION",
    roff(program.description()),
    ".PP",
    "The panel's state lies in",
    ".IR /var/lib/portcullis ,",
    "or where",
    ".B PORTCULLIS_HOME",
    "says. Every command takes",
    ".BR \\-\\-help ,",
    "and",
    ".B \\-\\-json",
    "where it answers something.",
    ".SH COMMANDS",
    ...program.commands.flatMap((command) => sectionsOf(command, [])),
    ".SH OPTIONS",
    ...program.options.flatMap(optionLines),
    ".SH EXIT STATUS",
    ...EXITS.flatMap(([code, words]) => [".TP", `.B ${code}`, roff(words)]),
    ".SH FILES",
    ".TP",
    ".I /etc/portcullis/portcullis.env",
    "Where the panel listens, and its public address.",
    ".TP",
    ".I /var/lib/portcullis",
    "Database, secrets, backups.",
    ".TP",
    ".I /etc/dovecot/portcullis",
    "What Dovecot reads of an adopted server.",
    ".SH SEE ALSO",
    ".BR doveadm (1),",
    ".BR doveconf (1)",
    ".PP",
    "/usr/share/doc/portcullis/operations.md tells what to do when.",
    "",
  ].join("\n");
}

const EXITS = [
  ["0", "done, and in force"],
  ["1", "Portcullis failed"],
  ["2", "the command line or a value is wrong; nothing was changed"],
  ["3", "refused before anything was touched"],
  ["4", "somebody saved in between; nothing was changed"],
  ["5", "rolled back: the change failed, and what was in force before was put back"],
  ["6", "stuck: not in force, and not seen to be as before"],
  ["7", "what is wanted is not so, or a check of doctor failed"],
  ["8", "not all of it: a list that is partial, a job that was stopped or failed"],
] as const;

function sectionsOf(command: Command, path: readonly string[]): string[] {
  const words = [...path, command.name()];
  const children = command.commands.filter((child) => child.name() !== "help");
  const own = [
    `.SS ${roff([...words, usageOf(command)].filter(Boolean).join(" "))}`,
    roff(command.description()),
    ...command.options.flatMap(optionLines),
  ];
  return [...own, ...children.flatMap((child) => sectionsOf(child, words))];
}

function usageOf(command: Command): string {
  return command.registeredArguments
    .map((one) => {
      const name = `${one.name()}${one.variadic ? "..." : ""}`;
      return one.required ? `<${name}>` : `[${name}]`;
    })
    .join(" ");
}

function optionLines({ flags, description }: Option): string[] {
  return [".TP", `.B ${roff(flags)}`, roff(description)];
}

/** A hyphen that is to be typed is "\-", and a line that begins with "." or "'" would be a request. */
function roff(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
