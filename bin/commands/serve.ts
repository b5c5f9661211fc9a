import { Command } from "commander";

/** `root`: the folder that Portcullis's own programs lie in. */
export function serveCommand(root: string): Command {
  return new Command("serve")
    .description(
      "run the panel of an installed package; Dovecot is neither started nor ended (a checkout: npm start)",
    )
    .action(async () => {
      // Late, so that every other command starts without it.
      const { serveInstalled } = await import("../serve/installed");
      await serveInstalled(root);
      await new Promise(() => {});
    });
}
