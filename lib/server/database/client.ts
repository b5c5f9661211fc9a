import {
  type Client,
  type Config,
  createClient,
  type InStatement,
  type ResultSet,
  type Transaction,
} from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { errorCode } from "@/lib/system/files";
import { PrismaClient } from "@/prisma/client/client";
import { currentHome } from "../home";
import { takeAfterCommit } from "./after-commit";
import { patiently } from "./patience";
import { readByThreads } from "./readers";

const PRAGMAS = [
  "PRAGMA foreign_keys = ON",
  "PRAGMA synchronous = FULL",
  // SQLite's own 2 MB would read the indexes of a million accounts again and again; in kB.
  "PRAGMA cache_size = -65536",
];

/**
 * One connection for everything, or for everything that writes, where `reader` names the program of threads that read.
 * libSQL's client opens another one after each transaction and leaves the one before, with its cache, to the garbage
 * collector; the adapter lets one statement or transaction of a process in at a time anyway. Waiting for another process
 * is done by polling: SQLite's own busy timeout would hold up this process whole.
 */
class PatientLibSql extends PrismaLibSql {
  readonly #url: string;
  readonly #reader: string | undefined;

  constructor(url: string, reader: string | undefined) {
    super({ url });
    this.#url = url;
    this.#reader = reader;
  }

  override async connect(): Promise<SqlDriverAdapter> {
    const writer = await super.connect();
    return this.#reader ? await readByThreads(this.#reader, this.#url, writer) : writer;
  }

  override createClient(config: Config): Client {
    const client = createClient(config);
    let isFresh = true;
    let file = "";
    const execute = async (statement: InStatement) => {
      if (isFresh) {
        for (const pragma of PRAGMAS) await client.execute(pragma);
        file = await fileOf(client);
      }
      isFresh = false;
      // Takes the lock and lets go of it at once. A statement that waits for the lock and isn't given it stays under way
      // until the garbage collector comes, and then no transaction of this connection can be committed; what is run in
      // this way is cleared away in any case.
      if (needsLock(statement)) await client.executeMultiple("BEGIN IMMEDIATE");
      try {
        return await client.execute(statement);
      } catch (error) {
        // Somebody came in between: only another connection is sure to have nothing under way.
        if (errorCode(error) === "SQLITE_BUSY") {
          client.reconnect();
          isFresh = true;
        }
        throw error;
      }
    };
    return new Proxy(client, {
      get(target, property) {
        if (property === "execute") return (statement: InStatement) => patiently(() => execute(statement));
        if (property === "transaction") {
          return async (): Promise<Transaction> => {
            // A transaction that begins by reading and then writes fails when another writer came between.
            await patiently(() => execute("BEGIN IMMEDIATE"));
            return transactionOn(target, file);
          };
        }
        const member: unknown = Reflect.get(target, property, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }
}

/** The database's file, as SQLite names it. */
async function fileOf(client: Client): Promise<string> {
  const { rows } = await client.execute("SELECT file FROM pragma_database_list WHERE name = 'main'");
  const file = rows[0]?.file;
  return typeof file === "string" ? file : "";
}

function needsLock(statement: InStatement): boolean {
  return /^\s*(?:begin|insert|update|delete|replace)\b/i.test(
    typeof statement === "string" ? statement : statement.sql,
  );
}

/** The transaction that was begun on this client, in the form that the adapter asks for. */
function transactionOn(client: Client, file: string): Transaction {
  let closed = false;
  const rollback = async () => {
    closed = true;
    takeAfterCommit(file);
    await client.execute("ROLLBACK");
  };
  return {
    execute: async (statement) => await client.execute(statement),
    async batch(statements) {
      const results: ResultSet[] = [];
      for (const statement of statements) results.push(await client.execute(statement));
      return results;
    },
    executeMultiple: async (sql) => await client.executeMultiple(sql),
    async commit() {
      try {
        await client.execute("COMMIT");
        closed = true;
      } catch (error) {
        // A full disk: left open, it would swallow everything that the connection is asked for afterwards.
        await rollback().catch(() => {});
        throw error;
      }
      for (const action of takeAfterCommit(file)) await action();
    },
    rollback,
    close() {
      if (!closed) rollback().catch(() => {});
    },
    get closed() {
      return closed;
    },
  };
}

export type Database = PrismaClient;
export type Write = Parameters<Parameters<Database["$transaction"]>[0]>[0];

/** `reader`: the program of threads that read beside the connection, for a process that many people ask at once. */
export function openDatabase(path: string, reader?: string): Database {
  return new PrismaClient({ adapter: new PatientLibSql(`file:${path}`, reader) });
}

/** Next may load this module more than once in one process; there is one connection all the same. */
const shared = globalThis as { portcullisDatabase?: Database };

export function database(): Database {
  // bin/serve/panel.ts names it to the web server.
  shared.portcullisDatabase ??= openDatabase(currentHome().database, process.env.PORTCULLIS_READER);
  return shared.portcullisDatabase;
}
