import { Worker } from "node:worker_threads";
import type { Client, InStatement, ResultSet } from "@libsql/client";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import type { SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { log } from "../log";
import { patiently } from "./patience";

/** Two: while one counts what many rows match, the other has the answers that take a millisecond. */
const READERS = 2;
/** Some 30,000 rows at a time; the connection itself can answer more. */
const HEAP_MB = 64;
/** A thread that ended is begun anew, not sooner: what ended it may still be so. */
const AGAIN_MS = 5000;

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
 * there, and for what a thread ended of, `writer` answers as it would without them.
 */
export async function readByThreads(
  program: string,
  url: string,
  writer: SqlDriverAdapter,
): Promise<SqlDriverAdapter> {
  const readers = new Set<Reader>();
  let isOver = false;
  const begin = async () => {
    try {
      const reader: Reader = await startReader(program, url, (why) => {
        readers.delete(reader);
        ended(why);
      });
      if (isOver) await reader.end();
      else readers.add(reader);
    } catch (error) {
      ended(error);
    }
  };
  const ended = (why: unknown) => {
    if (isOver) return;
    log.error({ err: why }, "A thread that reads the database ended; others read in its place");
    setTimeout(() => void begin(), AGAIN_MS).unref();
  };
  for (let started = 0; started < READERS; started += 1) await begin();
  return {
    provider: writer.provider,
    adapterName: writer.adapterName,
    executeRaw: (query) => writer.executeRaw(query),
    executeScript: (script) => writer.executeScript(script),
    startTransaction: (level) => writer.startTransaction(level),
    async queryRaw(query) {
      const reader = isReading(query) ? leastBusy(readers) : undefined;
      if (!reader) return await writer.queryRaw(query);
      try {
        return await reader.queryRaw(query);
      } catch (error) {
        // Perhaps of this very statement, so that the next thread isn't tried with it.
        if (error instanceof ReaderGone) return await writer.queryRaw(query);
        throw error;
      }
    },
    async dispose() {
      isOver = true;
      await Promise.all([...readers].map((reader) => reader.end()));
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

async function startReader(program: string, url: string, gone: (why: Error) => void): Promise<Reader> {
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
  const end = (why: Error) => {
    if (isGone) return;
    isGone = true;
    for (const settle of asked.values()) settle(new ReaderGone());
    asked.clear();
    gone(why);
  };
  worker.on("message", (answer: Answer) => {
    asked.get(answer.id)?.(answer);
    asked.delete(answer.id);
  });
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`exit code ${code}`)));
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
