import { Command } from "commander";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { openNode } from "@/lib/server/node";
import { EXIT, print, printJson, setExitCode } from "./output";

export function verifyCommand(): Command {
  return new Command("verify")
    .description("exit 0 only if everything that is wanted is seen in force: files, daemon and every port")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const status = await mailserverStatus(await openNode());
      const found = differences(status);
      if (found.length > 0) setExitCode(EXIT.notInForce);
      if (json)
        printJson({
          inForce: found.length === 0,
          revision: status.wanted.number,
          differences: found,
          checkedAt: status.checkedAt,
        });
      else
        print(found.length > 0 ? found : `Revision ${status.wanted.number} is in force, seen on every port.`);
    });
}
