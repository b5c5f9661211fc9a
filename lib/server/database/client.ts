import { type Client, type Config, createClient, type Transaction } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { PrismaClient } from "@/prisma/client/client";
import { currentHome } from "../home";

/**
 * How long a statement waits for another process (the CLI, a second panel) to finish writing. A connection's own
 * default is not at all: it fails at once with "database is locked".
 */
const BUSY_TIMEOUT_MS = 5000;
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  "PRAGMA foreign_keys = ON",
  "PRAGMA synchronous = FULL",
  // SQLite's own 2 MB would read the indexes of a million accounts again and again; in kB.
  "PRAGMA cache_size = -65536",
];

/** libSQL opens a new connection after each transaction, and a connection forgets its pragmas: set them again. */
class PatientLibSql extends PrismaLibSql {
  override createClient(config: Config): Client {
    const client = createClient(config);
    let fresh = true;
    const prepare = async () => {
      if (!fresh) return;
      fresh = false;
      for (const pragma of PRAGMAS) await client.execute(pragma);
    };
    return new Proxy(client, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== "function") return member;
        if (property === "transaction") {
          return async (): Promise<Transaction> => {
            await prepare();
            fresh = true;
            // A transaction that begins by reading and then writes fails when another writer came between.
            return await target.transaction("write");
          };
        }
        if (property === "close") return () => target.close();
        return async (...args: unknown[]): Promise<unknown> => {
          await prepare();
          return await Promise.resolve(Reflect.apply(member, target, args));
        };
      },
    });
  }
}

export type Database = PrismaClient;
export type Write = Parameters<Parameters<Database["$transaction"]>[0]>[0];

export function openDatabase(path: string): Database {
  return new PrismaClient({ adapter: new PatientLibSql({ url: `file:${path}` }) });
}

/** Next may load this module more than once in one process; there is one connection all the same. */
const shared = globalThis as { portcullisDatabase?: Database };

export function database(): Database {
  shared.portcullisDatabase ??= openDatabase(currentHome().database);
  return shared.portcullisDatabase;
}
