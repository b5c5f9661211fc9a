import { join, resolve } from "node:path";
import { Command } from "commander";
import type { Manifest } from "@/lib/core/backup/manifest";
import { createBackup } from "@/lib/server/backup/create";
import { keptBackups } from "@/lib/server/backup/list";
import { withBackup } from "@/lib/server/backup/read";
import { type RestoredBackup, restoreBackup } from "@/lib/server/backup/restore";
import { backupBeforeUpgrade } from "@/lib/server/backup/upgrade";
import { currentHome } from "@/lib/server/home";
import { tellInstant } from "@/lib/server/tell-instant";
import { EXIT, note, print, printJson, setExitCode, table, UsageError } from "./output";
import { shellActor } from "./rules/arguments";

/** `root`: the folder that Portcullis's own programs lie in. */
export function backupCommand(root: string): Command {
  const migrationsFolder = join(root, "prisma/migrations");
  return new Command("backup")
    .description("the panel's state in one file: database, secrets, generated files; not mail")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(checkCommand(migrationsFolder))
    .addCommand(restoreCommand(migrationsFolder));
}

interface CreateOptions {
  beforeUpgrade?: boolean;
  json?: boolean;
}

function createCommand(): Command {
  return new Command("create")
    .description("make one, while the panel runs; it holds secrets, and only its owner may read it")
    .argument("[file]", "where to; in the home's folder of backups when none is named")
    .option("--before-upgrade", "name it so; the last three of these are kept")
    .option("--json", "as JSON")
    .action(async (file: string | undefined, { beforeUpgrade, json }: CreateOptions) => {
      const home = currentHome();
      if (beforeUpgrade && file !== undefined)
        throw new UsageError("One before an upgrade has its own name: leave the file out.");
      const { path, sizeBytes, manifest } = beforeUpgrade
        ? await backupBeforeUpgrade(home)
        : await createBackup(home, {
            why: "by hand",
            file: file === undefined ? undefined : resolve(file),
          });
      if (json) return printJson({ path, sizeBytes, manifest });
      if (manifest.leftOut.length > 0)
        note(`Not in it, since only root may read it: ${manifest.leftOut.join(", ")}. Copy that as root.`);
      print(
        `${path} (${sizeIn(sizeBytes)}). It holds secrets: keep a copy on another machine, as safe as this one.`,
      );
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("those in the home's folder of backups, the newest first")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const kept = await keptBackups(currentHome());
      if (json) return printJson(kept);
      if (kept.length === 0) return print(`There is none in ${currentHome().backups}.`);
      print(
        table(
          kept.map(({ path, at, sizeBytes }) => [tellInstant(at.getTime() / 1000), sizeIn(sizeBytes), path]),
        ),
      );
    });
}

function checkCommand(migrationsFolder: string): Command {
  return new Command("check")
    .description("whether one is whole and can be restored by this version; changes nothing")
    .argument("<file>", "the backup")
    .option("--json", "as JSON")
    .action(async (file: string, { json }: { json?: boolean }) => {
      await withBackup(currentHome(), resolve(file), migrationsFolder, async (_, manifest) => {
        if (json) printJson({ whole: true, manifest });
        else print([`${file} is whole.`, ...factsOf(manifest)]);
      });
    });
}

interface RestoreOptions {
  yes?: boolean;
  json?: boolean;
}

function restoreCommand(migrationsFolder: string): Command {
  return new Command("restore")
    .description(
      "put the panel's state back as one has it, while the panel is stopped; Dovecot is left as it is",
    )
    .argument("<file>", "the backup")
    .option("--yes", "do it, after it was seen what it is")
    .option("--json", "as JSON")
    .action(async (given: string, { yes, json }: RestoreOptions) => {
      const file = resolve(given);
      if (!yes) {
        setExitCode(EXIT.usage);
        return await withBackup(currentHome(), file, migrationsFolder, async (_, manifest) => {
          if (json) return printJson({ outcome: "needs-confirmation", manifest });
          note([...factsOf(manifest), "Nothing was changed. Add --yes to put this state back."]);
        });
      }
      const restored = await restoreBackup(currentHome(), { file, migrationsFolder, actor: shellActor() });
      if (json) printJson({ outcome: "restored", ...restored });
      else print(linesOf(restored));
    });
}

function linesOf({ manifest, kept, upgraded, auditWhole, differences }: RestoredBackup): string[] {
  return [
    `The panel's state is as it was at ${instantIn(manifest)}.`,
    ...(kept === null ? [] : [`What was there is kept in ${kept}.`]),
    ...(upgraded.length === 0
      ? []
      : [`Its database was brought to this version (${upgraded.length} migrations).`]),
    auditWhole ? "The audit is whole." : 'The audit is not whole: "portcullis audit verify" tells where.',
    "Everybody was signed out. Operators and tokens are as they were then: look whether one came back that was removed since.",
    "",
    ...(differences.length === 0
      ? ["Dovecot does what this state says."]
      : [
          "Dovecot was left alone. It is otherwise than this state says:",
          ...differences.map((one) => `  ${one}`),
        ]),
    "",
    'Start the panel, look at "portcullis drift", and bring it into force with "portcullis drift restore".',
  ];
}

function factsOf(manifest: Manifest): string[] {
  const { why, version, dovecot, host, home, files } = manifest;
  return [
    `Made at ${instantIn(manifest)} (${why}) by Portcullis ${version}, on ${host}, of ${home}.`,
    `${files.length} files, each as its manifest has it.${dovecot === "" ? "" : ` Dovecot was ${dovecot}.`}`,
  ];
}

function instantIn({ createdAt }: Manifest): string {
  return tellInstant(Date.parse(createdAt) / 1000);
}

function sizeIn(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
