/**
 * Starts programs for the web server, which is large: the system copies a process' whole table of memory to start another
 * from it, some 20 ms of nobody being answered. This one is small, and ends with the channel to it.
 */
import type { Asked, Said } from "@/lib/system/launched";
import { runHere } from "@/lib/system/run-here";

process.on("message", (asked: Asked) => void launch(asked));
// Nobody waits for the programs any more, and with this process they end as well.
process.on("disconnect", () => process.exit());
say("ready");

async function launch({ id, program, args, options }: Asked): Promise<void> {
  say({ id, ran: await runHere(program, args, options) });
}

function say(said: Said): void {
  if (process.connected) process.send?.(said);
}
