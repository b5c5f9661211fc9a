/**
 * A thread of the web server with a connection of its own to the panel's database, which can only read
 * (lib/server/database/readers.ts). SQLite answers within the turn of the event loop that asks; asked here, a long answer
 * holds up nobody but those who wait for it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createClient } from "@libsql/client/sqlite3";

const client = createClient({ url: workerData.url });
// In kB. The system keeps the file's pages as well, so this is only for those of indexes that are read again and again.
for (const pragma of ["PRAGMA query_only = ON", "PRAGMA cache_size = -16384"]) await client.execute(pragma);

parentPort.on("message", ({ id, statement }) => {
  void answerTo(statement).then((answer) => parentPort.postMessage({ id, ...answer }));
});

async function answerTo(statement) {
  try {
    const { columns, columnTypes, rows } = await client.execute(statement);
    // A row carries its values under names as well; plain lists are all that its reader looks at.
    return { result: { columns, columnTypes, rows: rows.map((row) => Array.from(row)) } };
  } catch ({ message, code, rawCode }) {
    return { error: { message, code, rawCode } };
  }
}
