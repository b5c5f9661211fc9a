import { Command } from "commander";
import { openHostNode } from "@/lib/server/host-node";
import { type Followed, followVersion } from "@/lib/server/mailserver/follow-version";
import { EXIT, note, print, printJson, setExitCode } from "./output";
import { shellActor } from "./rules/arguments";

export function dovecotCommand(): Command {
  return new Command("dovecot").description("the Dovecot underneath").addCommand(upgradeCommand());
}

function upgradeCommand(): Command {
  return new Command("upgrade")
    .description(
      "Dovecot 2.3 was exchanged for 2.4, or back: write what is set in its language, checked on a copy",
    )
    .option("--yes", "do it, after the plan was seen without it")
    .option("--json", "as JSON")
    .action(async ({ yes = false, json }: { yes?: boolean; json?: boolean }) => {
      const followed = await followVersion(await openHostNode(), shellActor(), yes);
      if (followed.kind === "rejected") setExitCode(EXIT.refused);
      if (followed.kind === "plan") setExitCode(EXIT.usage);
      const { kind: outcome, ...facts } = followed;
      if (json) printJson({ outcome, ...facts });
      else tell(followed);
    });
}

function tell(followed: Followed): void {
  switch (followed.kind) {
    case "current":
      return print([
        `The generated files are written for Dovecot ${followed.version}.`,
        ...followed.sentences,
      ]);
    case "rejected":
      return note([...followed.problems, "Nothing was changed."]);
    case "plan":
      print([followed.diff.trimEnd(), ...followed.lost]);
      return note(`Nothing was changed. Add --yes to write them for Dovecot ${followed.version}.`);
    case "in-place":
      return print([
        ...followed.lost,
        `The files are written for Dovecot ${followed.version}, and it takes them. Those of before are in ${followed.kept}.`,
        'Start it now (systemctl restart dovecot), then look: "portcullis drift restore" sees them in force on every port.',
        "To go back: install the Dovecot of before with its own files, and run this again.",
      ]);
  }
}
