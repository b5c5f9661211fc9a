import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { type FileSet, renderSettings } from "@/lib/core/dovecot/render";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";
import { FAMILIES, type Family } from "@/lib/core/dovecot/version";
import { parseSettings } from "@/lib/core/settings/schema";
import { EXIT, print, printJson, setExitCode, UsageError } from "./output";

interface RenderOptions {
  dovecot: Family;
  settings: string;
  out: string;
  otherProtocols: string;
  json?: boolean;
}

export function renderCommand(): Command {
  return new Command("render")
    .description("write the files for a set of settings; needs neither database nor daemon")
    .addOption(
      new Option("--dovecot <version>", "the configuration language").choices(FAMILIES).makeOptionMandatory(),
    )
    .requiredOption(
      "--settings <file>",
      'settings as JSON, for instance {"imap": true, "pop3": false}; what is left out stands at its default',
    )
    .requiredOption("--out <folder>", "where to write; made when missing")
    .option(
      "--other-protocols <list>",
      "what else the server's own configuration has in protocols (2.3 only)",
      "lmtp",
    )
    .option("--json", "say what was written as JSON")
    .action(render);
}

async function render(options: RenderOptions): Promise<void> {
  const parsed = parseSettings(await readSettings(options.settings));
  if (!parsed.ok) return refuse(options, parsed.problems);
  const target = {
    family: options.dovecot,
    otherProtocols: options.otherProtocols.split(/[\s,]+/).filter(Boolean),
    site: PLAIN_SITE,
  };
  try {
    const { files, mark } = renderSettings(parsed.values, target, (text) =>
      createHash("sha256").update(text).digest("hex"),
    );
    await write(options.out, files);
    const paths = Object.keys(files).map((name) => join(options.out, name));
    if (options.json) printJson({ files: paths, mark });
    else print(paths);
  } catch (error) {
    if (!(error instanceof RefusedText)) throw error;
    refuse(options, [{ key: "", message: error.message }]);
  }
}

async function write(folder: string, files: FileSet): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  } catch (error) {
    throw new UsageError(
      `The files can't be written to ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function refuse({ json }: RenderOptions, problems: readonly { key: string; message: string }[]): void {
  setExitCode(EXIT.usage);
  if (json) printJson({ problems });
  else process.stderr.write(`${problems.map(({ message }) => message).join("\n")}\n`);
}

/** Takes the settings alone, or the whole answer of `mailserver get --json`. */
async function readSettings(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(
      `The settings can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && "settings" in json ? json.settings : json;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
