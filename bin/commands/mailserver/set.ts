import { Command } from "commander";
import { openNode } from "@/lib/server/node";
import { parseAssignments } from "../assignments";
import { setRemotely } from "../remote/mailserver";
import { alsoRemote, remotePanel } from "../remote/panel";
import { type ChangeOptions, change, withChangeOptions } from "./answer";

export function setCommand(): Command {
  const command = new Command("set")
    .description("change settings: check, save as one revision, apply and confirm")
    .argument(
      "<key=value...>",
      "for instance pop3=off; key=default takes Portcullis's default, key= leaves it to the server's own files",
    )
    .action(async (assignments: string[], options: ChangeOptions) => {
      const patch = parseAssignments(assignments);
      const api = remotePanel();
      if (api) return await setRemotely(api, patch, options);
      await change(await openNode(), patch, options);
    });
  return alsoRemote(withChangeOptions(command));
}
