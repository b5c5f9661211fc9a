import { resolve } from "node:path";
import { Command } from "commander";
import { DEFAULT_SOCKET } from "@/lib/system/helper/config";
import { startHelper } from "@/lib/system/helper/server";

export function helperCommand(): Command {
  return new Command("helper")
    .description("the small part that runs as root, for a panel that doesn't (docs/privilege.md)")
    .requiredOption("--home <dir>", "its own folder, root's, with helper.json")
    .option("--socket <file>", `where it listens, instead of what helper.json says or ${DEFAULT_SOCKET}`)
    .action(async ({ home, socket }: { home: string; socket?: string }) => {
      const helper = await startHelper(resolve(home), socket === undefined ? undefined : resolve(socket));
      await new Promise<void>((ended) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const)
          process.once(signal, () => void helper.close().then(ended));
      });
    });
}
