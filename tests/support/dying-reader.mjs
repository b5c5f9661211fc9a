/** In place of bin/serve/database-reader.mjs: ends at the first statement that it is given. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", () => process.exit(1));
