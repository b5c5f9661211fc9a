import { Worker } from "node:worker_threads";
import type { Client, InStatement, ResultSet } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import type { SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { log } from "../log";
import { patiently } from "./patience";

/** Two: while one counts what many rows match, the other has the answers that take a millisecond. */
const READERS = 2;
const HEAP_MB = 64;

/** What a reader's thread sends back (bin/serve/database-reader.mjs). */
interface Answer {
  id: number;
  result?: ResultSet;
  error?: { message: string; code: string; rawCode: number | undefined };
}

/** The thread is gone, and the statement with it: another connection can be asked the same. */
class ReaderGone extends Error {}

interface Reader {
  queryRaw: SqlDriverAdapter["queryRaw"];
  /** Statements that it was given and hasn't answered. */
  waiting(): number;
  end(): Promise<void>;
}

/**
 * Has everything that only reads, outside of transactions, answered by threads: several at a time, while this process goes
 * on, and while a transaction is open. Each statement sees what was committed before it was asked. Where no thread is
 * left, `writer` answers as it would without them.
 */
export async function readByThreads(
  program: string,
  url: string,
  writer: SqlDriverAdapter,
): Promise<SqlDriverAdapter> {
  const readers = new Set<Reader>();
  for (let started = 0; started < READERS; started += 1) {
    const reader = await startReader(program, url, (why) => {
      readers.delete(reader);
      log.error({ why }, "a thread that reads the database ended; others read in its place");
    });
    readers.add(reader);
  }
  return {
    provider: writer.provider,
    adapterName: writer.adapterName,
    executeRaw: (query) => writer.executeRaw(query),
    executeScript: (script) => writer.executeScript(script),
    startTransaction: (level) => writer.startTransaction(level),
    async queryRaw(query) {
      for (let reader = leastBusy(readers); isReading(query) && reader; reader = leastBusy(readers)) {
        try {
          return await reader.queryRaw(query);
        } catch (error) {
          if (!(error instanceof ReaderGone)) throw error;
          readers.delete(reader);
        }
      }
      return await writer.queryRaw(query);
    },
    async dispose() {
      const all = [...readers];
      readers.clear();
      await Promise.all(all.map((reader) => reader.end()));
      await writer.dispose();
    },
  };
}

/** What begins with WITH may write in the end; the threads' connections would refuse it, so it isn't theirs. */
function isReading({ sql }: SqlQuery): boolean {
  return /^\s*select\b/i.test(sql);
}

function leastBusy(readers: ReadonlySet<Reader>): Reader | undefined {
  let best: Reader | undefined;
  for (const reader of readers) if (!best || reader.waiting() < best.waiting()) best = reader;
  return best;
}

async function startReader(program: string, url: string, gone: (why: string) => void): Promise<Reader> {
  const worker = new Worker(program, {
    workerData: { url },
    // What the web server itself is started with doesn't concern a thread of it.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  // It ends with the process, and doesn't keep it.
  worker.unref();
  const asked = new Map<number, (answer: Answer | ReaderGone) => void>();
  let isGone = false;
  const end = (why: string) => {
    if (isGone) return;
    isGone = true;
    for (const settle of asked.values()) settle(new ReaderGone(why));
    asked.clear();
    gone(why);
  };
  worker.on("message", (answer: Answer) => {
    asked.get(answer.id)?.(answer);
    asked.delete(answer.id);
  });
  worker.on("error", (error) => end(error.message));
  worker.on("exit", (code) => end(`exit code ${code}`));
  let last = 0;
  const execute = (statement: InStatement) =>
    new Promise<ResultSet>((resolve, reject) => {
      if (isGone) return reject(new ReaderGone());
      last += 1;
      asked.set(last, (answer) => {
        if (answer instanceof ReaderGone) return reject(answer);
        if (answer.result) return resolve(answer.result);
        reject(Object.assign(new Error(answer.error?.message), answer.error));
      });
      worker.postMessage({ id: last, statement });
    });
  let waiting = 0;
  const adapter = await new ThreadLibSql(url, (statement) => patiently(() => execute(statement))).connect();
  return {
    async queryRaw(query) {
      waiting += 1;
      return await adapter.queryRaw(query).finally(() => (waiting -= 1));
    },
    waiting: () => waiting,
    async end() {
      isGone = true;
      await worker.terminate();
    },
  };
}

/** Prisma's adapter over a thread: it makes of values what Prisma takes them for, in both directions. */
class ThreadLibSql extends PrismaLibSql {
  readonly #execute: Client["execute"];

  constructor(url: string, execute: (statement: InStatement) => Promise<ResultSet>) {
    super({ url });
    this.#execute = execute;
  }

  override createClient(): Client {
    // Of a connection the adapter uses for a statement outside of a transaction this alone.
    return { execute: this.#execute } as Client;
  }
}
