import { existsSync, statSync } from "node:fs";
import { chmod, open, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import type { AccessMap, MapWrite } from "@/lib/core/access/map-port";
import type { MapKey, MapRow } from "@/lib/core/access/map-rows";
import type { Subject } from "@/lib/core/access/subject";
import { MachineFailure } from "@/lib/core/apply/ports";
import { errorCode, onDisk } from "../files";

/**
 * The clustered key is the only b-tree: a lookup reads nothing else. A text in `until` would compare greater than any
 * number and never expire, hence the check of its type.
 */
const SCHEMA = `
CREATE TABLE policy(
  k     TEXT NOT NULL,
  proto TEXT NOT NULL,
  kind  INT  NOT NULL CHECK(kind IN (0,1)),
  state INT  NOT NULL CHECK(state IN (0,1)),
  until INT  CHECK(until IS NULL OR typeof(until)='integer'),
  PRIMARY KEY(k,proto,kind)) WITHOUT ROWID;
CREATE TABLE meta(name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;
`;

/** Dovecot reads it and must never write it; it holds no secret. */
const FILE_MODE = 0o644;
/** Another process (the command line in bulk) may hold it for some chunks of 200 ms. */
const PATIENCE_MS = 10_000;
const POLL_MS = 5;
const PAGE = 2000;
/** A commit waits for readers, who need a fraction of a millisecond. */
const COMMIT_TIMEOUT_MS = 1000;

type Connection = InstanceType<typeof Database>;

export function accessMapAt(path: string): AccessMap {
  let known: { connection: Connection; inode: number } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function connection(): Connection {
    // Opening would make an empty file, and an empty one refuses everybody.
    const inode = inodeOf(path);
    if (inode === undefined) throw new MachineFailure(`The access map ${path} is missing.`);
    if (known?.inode === inode) return known.connection;
    known?.connection.close();
    known = { connection: opened(path), inode };
    return known.connection;
  }

  async function exclusively<T>(action: (write: MapWrite) => Promise<T>): Promise<T> {
    // One connection, so one at a time in this process; other processes are kept out by the file's lock.
    const turn = last.then(() => onMap(path, () => transaction(connection(), action)));
    last = turn.catch(() => {});
    return await turn;
  }

  return {
    exclusively,
    *rows(beyond = "") {
      yield* rowsOf(connection(), beyond);
    },
    sequence: () => readSequence(path, connection()),
    async rebuild(rows, sequence) {
      known?.connection.close();
      known = undefined;
      await onMap(path, () => build(path, rows, sequence));
    },
  };
}

async function transaction<T>(connection: Connection, action: (write: MapWrite) => Promise<T>): Promise<T> {
  await begin(connection);
  try {
    const result = await action(writerOn(connection));
    connection.exec("COMMIT");
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

/** Polls without holding up this process: a busy timeout of SQLite's own would stop every page meanwhile. */
async function begin(connection: Connection): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      connection.exec("PRAGMA busy_timeout = 0");
      connection.exec("BEGIN IMMEDIATE");
      connection.exec(`PRAGMA busy_timeout = ${COMMIT_TIMEOUT_MS}`);
      return;
    } catch (error) {
      if (errorCode(error) !== "SQLITE_BUSY") throw error;
      if (Date.now() >= deadline)
        throw new MachineFailure("Another process is changing the access map. Try again in a moment.");
    }
    await sleep(POLL_MS);
  }
}

function writerOn(connection: Connection): MapWrite {
  return {
    remove(keys: readonly MapKey[]) {
      const statement = connection.prepare("DELETE FROM policy WHERE k = ? AND proto = ? AND kind = ?");
      for (const { k, proto, kind } of keys) statement.run(k, proto, kind);
    },
    put(rows: readonly MapRow[]) {
      putRows(connection, rows);
    },
    setSequence(sequence: number) {
      putSequence(connection, sequence);
    },
  };
}

function putRows(connection: Connection, rows: readonly MapRow[]): void {
  const statement = connection.prepare("INSERT OR REPLACE INTO policy VALUES (?, ?, ?, ?, ?)");
  for (const { k, proto, kind, state, until } of rows) statement.run(k, proto, kind, state, until);
}

function putSequence(connection: Connection, sequence: number): void {
  connection.prepare("INSERT OR REPLACE INTO meta VALUES ('sequence', ?)").run(sequence);
}

function readSequence(path: string, connection: Connection): number {
  try {
    const row = connection.prepare("SELECT value FROM meta WHERE name = 'sequence'").get() as
      | { value: number }
      | undefined;
    return row?.value ?? 0;
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Page by page: a statement that is not read to its end would keep its lock, and every commit waiting. */
function* rowsOf(connection: Connection, beyond: Subject): Iterable<MapRow> {
  const statement = connection.prepare(
    `SELECT k, proto, kind, state, until FROM policy WHERE (k, proto, kind) > (?, ?, ?)
     ORDER BY k, proto, kind LIMIT ${PAGE}`,
  );
  // No protocol and no kind comes after these.
  let after = { k: beyond, proto: "\u{10ffff}", kind: 2 };
  for (;;) {
    const page = statement.all(after.k, after.proto, after.kind) as MapRow[];
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last;
  }
}

/** Auth workers of the daemon have the file open: it is only ever made where none of them could have an older one. */
async function build(path: string, rows: AsyncIterable<readonly MapRow[]>, sequence: number): Promise<void> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await (await open(temporary, "wx", FILE_MODE)).close();
  await chmod(temporary, FILE_MODE);
  const connection = connect(temporary);
  try {
    connection.exec("BEGIN");
    connection.exec(SCHEMA);
    for await (const page of rows) putRows(connection, page);
    putSequence(connection, sequence);
    connection.exec("COMMIT");
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    connection.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  await folder.sync();
  await folder.close();
}

/** One that is damaged from its first page on shows it as soon as it is opened. */
function opened(path: string): Connection {
  try {
    return connect(path);
  } catch (error) {
    throw isDamage(error) ? damaged(path, error) : error;
  }
}

/** DELETE, because Dovecot reads without the right to write: WAL would let nobody in, or everybody (2.3, by default). */
function connect(path: string): Connection {
  const connection = new Database(path);
  connection.exec("PRAGMA journal_mode = DELETE");
  connection.exec("PRAGMA synchronous = FULL");
  return connection;
}

function inodeOf(path: string): number | undefined {
  return existsSync(path) ? statSync(path).ino : undefined;
}

async function onMap<T>(path: string, action: () => Promise<T>): Promise<T> {
  return await onDisk(`writing the access map ${basename(path)}`, async () => {
    try {
      return await action();
    } catch (error) {
      throw isDamage(error) ? damaged(path, error) : error;
    }
  });
}

function isDamage(error: unknown): boolean {
  const code = errorCode(error) ?? "";
  return (
    code === "SQLITE_NOTADB" ||
    code === "SQLITE_CORRUPT" ||
    (code === "SQLITE_ERROR" && /no such table/.test(String(error)))
  );
}

function damaged(path: string, cause: unknown): MachineFailure {
  return new MachineFailure(`The access map ${path} can't be read: it is damaged.`, { cause });
}
