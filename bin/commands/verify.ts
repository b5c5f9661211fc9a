import { Command } from "commander";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { enforcementFacts } from "@/lib/server/access/enforcement-facts";
import { differences, mailserverStatus } from "@/lib/server/mailserver/status";
import { openNode } from "@/lib/server/node";

import { EXIT, print, printJson, setExitCode } from "./output";

export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "exit 0 only if everything that is wanted is seen in force: files, daemon, every port, the access map",
    )
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const node = await openNode();
      const status = await mailserverStatus(node);
      const access = await accessEnforcement(node);
      const found = [...differences(status), ...access.troubles];
      if (found.length > 0) setExitCode(EXIT.notInForce);
      if (json)
        printJson({
          inForce: found.length === 0,
          revision: status.wanted.number,
          differences: found,
          access: enforcementFacts(access),
          checkedAt: status.checkedAt,
        });
      else
        print(
          found.length > 0
            ? found
            : `Revision ${status.wanted.number} is in force, seen on every port. Rules for accounts are enforced.`,
        );
    });
}
