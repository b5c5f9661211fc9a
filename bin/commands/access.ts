import { Command } from "commander";
import { accessEnforcement } from "@/lib/server/access/enforcement";
import { enforcementFacts } from "@/lib/server/access/enforcement-facts";
import { openNode } from "@/lib/server/node";

import { EXIT, print, printJson, setExitCode } from "./output";

export function accessCommand(): Command {
  const status = new Command("status")
    .description(
      "whether what is set for accounts is what Dovecot does, and everything that speaks against it",
    )
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const enforcement = await accessEnforcement(await openNode());
      if (!enforcement.enforced) setExitCode(EXIT.notInForce);
      if (json) printJson(enforcementFacts(enforcement));
      else
        print(
          enforcement.enforced
            ? "Enforced: Dovecot asks the access map at each login, and the map is current."
            : ["Not enforced:", ...enforcement.troubles.map((trouble) => `  ${trouble}`)],
        );
    });
  return new Command("access")
    .description("the enforcement of rules for accounts and domains")
    .addCommand(status);
}
