/** Works at one job in a process of its own, as the keeper does: PORTCULLIS_HOME and the job's id. */
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { workAtJob } from "@/lib/server/jobs/run";
import { nodeAt } from "@/lib/server/node";

await workAtJob(await nodeAt(currentHome(), database()), process.argv[2]);
process.stdout.write(`${Math.round(process.memoryUsage().rss / 1e6)}\n`);
process.exit(0);
