import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CREATE_USERS } from "./virtual-users";

const BIN = "/usr/lib/postgresql/15/bin";
const READY_TIMEOUT_MS = 20_000;

/** A private PostgreSQL of its own user, on a socket alone, with these people in it. Returns how to end it. */
export async function startPostgresql(
  socket: string,
  folder: string,
  people: readonly { address: string; password: string }[],
): Promise<() => Promise<void>> {
  const [uid = 0, gid = 0] = ["-u", "-g"].map((flag) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })),
  );
  const data = join(folder, "postgresql");
  for (const path of [data, socket]) {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    chownSync(path, uid, gid);
  }
  execFileSync("chmod", ["711", folder]);
  const as = { uid, gid, cwd: "/" };
  execFileSync(`${BIN}/initdb`, ["-D", data, "-A", "trust", "--no-sync"], { ...as, stdio: "ignore" });
  const args = ["-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off"];
  const server = spawn(`${BIN}/postgres`, args, { ...as, stdio: "ignore" });
  const ask = (database: string, sql: string) =>
    execFileSync(`${BIN}/psql`, ["-h", socket, "-d", database, "-qc", sql], {
      ...as,
      stdio: ["ignore", "ignore", "pipe"],
    });
  for (let waited = 0; ; waited += 100) {
    try {
      ask("postgres", "CREATE DATABASE mail");
      break;
    } catch (error) {
      if (waited > READY_TIMEOUT_MS) throw error;
      await sleep(100);
    }
  }
  ask("mail", CREATE_USERS);
  for (const { address, password } of people)
    ask(
      "mail",
      `INSERT INTO users VALUES ('${address.split("@").join("', '")}', '${address}', '${password}', 0)`,
    );
  return async () => {
    server.kill("SIGINT");
    await new Promise((resolve) => server.once("exit", resolve));
  };
}
