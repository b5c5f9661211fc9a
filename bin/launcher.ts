/**
 * Starts programs for the web server, which is large: the system copies a process' whole table of memory to start another
 * from it, some 20 ms of nobody being answered. This one is small, and ends with the channel to it.
 */
import type { Asked } from "@/lib/system/launched";
import { runHere } from "@/lib/system/run-here";

process.on("message", (asked: Asked) => void launch(asked));

async function launch({ id, program, args, options }: Asked): Promise<void> {
  const ran = await runHere(program, args, options);
  if (process.connected) process.send?.({ id, ran });
}
