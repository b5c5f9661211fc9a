import type { Argument, Command, Option } from "commander";
import { settings } from "@/lib/core/settings/catalogue";
import { choicesOf } from "@/lib/core/settings/describe";

/** A word that may come next. */
export interface Word {
  value: string;
  description: string;
}

/** What may follow one command, for instance `mailserver set`. */
export interface Point {
  /** The command's words; empty for the program itself. */
  path: string;
  commands: Word[];
  options: (Word & { takesValue: boolean })[];
  /** `keys` are settings, `assignments` settings with `=` and a value. */
  arguments: "keys" | "assignments" | "files" | "none" | Word[];
}

/** Every point of the command line, so that a shell finds the words without starting us. */
export function pointsOf(command: Command, path: readonly string[] = []): Point[] {
  const children = command.commands.filter((child) => child.name() !== "help");
  return [
    {
      path: path.join(" "),
      commands: children.map((child) => ({ value: child.name(), description: child.description() })),
      options: [
        ...command.options.flatMap(optionWord),
        { value: "--help", description: "the options", takesValue: false },
      ],
      arguments: argumentsOf(command.registeredArguments[0]),
    },
    ...children.flatMap((child) => pointsOf(child, [...path, child.name()])),
  ];
}

/** Each setting with the words that its value can be; a number's are not counted up. */
export function assignmentWords(): { key: string; label: string; values: string[] }[] {
  return settings.map((setting) => ({
    key: setting.key,
    label: setting.label,
    values: [...choicesOf(setting).map(({ value }) => value), "default"],
  }));
}

function optionWord({ long, description, required, optional }: Option): Point["options"] {
  return long ? [{ value: long, description, takesValue: required || optional }] : [];
}

function argumentsOf(argument: Argument | undefined): Point["arguments"] {
  if (argument?.argChoices) return argument.argChoices.map((value) => ({ value, description: "" }));
  switch (argument?.name()) {
    case "keys":
      return "keys";
    case "key=value":
      return "assignments";
    case "file":
      return "files";
    default:
      return "none";
  }
}
