import { Command } from "commander";
import { hooksView } from "@/lib/server/hooks/view";
import { openNode } from "@/lib/server/node";
import { print, printJson, table } from "./output";

export function hooksCommand(): Command {
  return new Command("hooks").description("who else is told of changes, and may refuse them").addCommand(
    new Command("list")
      .description("programs and webhook, and what came of telling them")
      .option("--json", "as JSON: hooks, deliveries")
      .action(async ({ json }: { json?: boolean }) => {
        const view = await hooksView(await openNode());
        if (json) return printJson(view);
        const { folder, hooks, deliveries } = view;
        print([
          `Programs lie in ${folder}/before.d and ${folder}/after.d.`,
          ...(hooks.length === 0
            ? ["There are no hooks."]
            : table([
                ["WHEN", "HOOK", "STATE"],
                ...hooks.map(({ phase, name, trouble }) => [phase, name, trouble ?? "ready"]),
              ])),
          ...(deliveries.length === 0
            ? []
            : [
                "",
                ...table([
                  ["AT", "HOOK", "TRIES", "CAME TO"],
                  ...deliveries.map(({ at, target, tries, failure, state }) => [
                    at,
                    target,
                    String(tries),
                    failure === "" ? state : `${state}: ${failure}`,
                  ]),
                ]),
              ]),
        ]);
      }),
  );
}
