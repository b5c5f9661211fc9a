import { Command } from "commander";
import { currentHome } from "@/lib/server/home";
import { sandboxAccounts } from "@/lib/server/sandbox/accounts";
import { print, printJson, table } from "./output";

export function sandboxCommand(): Command {
  const accounts = new Command("accounts")
    .description("list the sample mailboxes and their passwords, to point a mail client at")
    .option("--json", "as JSON: an array of objects with address and password")
    .action(async ({ json }: { json?: boolean }) => {
      const list = await sandboxAccounts(currentHome());
      if (json) printJson(list);
      else print(table(list.map(({ address, password }) => [address, password])));
    });
  return new Command("sandbox")
    .description("the private Dovecot and its sample mailboxes")
    .addCommand(accounts);
}
