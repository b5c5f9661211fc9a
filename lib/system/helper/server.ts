import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import type { HelperLine, HelperRefusal } from "@/lib/core/helper/replies";
import { LONGEST_REQUEST, requestSchema } from "@/lib/core/helper/requests";
import { Answers, type Caller, hasLines } from "./answers";
import { readHelperConfig } from "./config";
import { Lines } from "./lines";
import { listenAt } from "./listen";

/** Connections at once. More are closed at once: the panel tries again. */
const MOST_CONNECTIONS = 256;
/** How long a request may take to come, in milliseconds. */
const REQUEST_MS = 10_000;
/** How long the other side may take to read an answer. */
const READ_MS = 60_000;

export interface Helper {
  socket: string;
  close(): Promise<void>;
}

/** Starts the helper of a folder. Whatever comes in by the socket, it stays up: a request fails alone. */
export async function startHelper(
  home: string,
  socketPath?: string,
  log: (line: string) => void = toStderr,
): Promise<Helper> {
  const config = await readHelperConfig(home, socketPath);
  const answers = await Answers.start(config, log);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // A reset is the other side's own affair.
    socket.on("error", () => socket.destroy());
    serve(socket, answers, log).catch((error: unknown) => {
      log(`a connection failed: ${String(error)}`);
      socket.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listenAt(server, config.socket, config.group);
  log(`listens at ${config.socket}`);
  return {
    socket: config.socket,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await answers.stop();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

async function serve(socket: Socket, answers: Answers, log: (line: string) => void): Promise<void> {
  const lines = new Lines(socket);
  const caller: Caller = {
    isGone: () => socket.destroyed || socket.readableEnded,
    async next(longest, deadline) {
      const text = await lines.next(longest, deadline);
      return text === undefined ? undefined : parseJson(text);
    },
    async tell(line: HelperLine) {
      if (!socket.writable || socket.write(`${JSON.stringify(line)}\n`)) return;
      // One who doesn't read must not hold up the others.
      await Promise.race([
        once(socket, "drain"),
        once(socket, "close"),
        sleep(READ_MS, undefined, { ref: false }),
      ]).catch(() => {});
      if (socket.writableNeedDrain) socket.destroy();
    },
  };
  try {
    const given = await caller.next(LONGEST_REQUEST, performance.now() + REQUEST_MS);
    // Nothing, or a connection that only looked whether somebody is here.
    if (given === undefined) return void socket.destroy();
    const request = requestSchema.safeParse(given);
    if (!request.success)
      throw new Refused(`This is no request that the helper knows: ${firstIssue(request.error)}`);
    // Read on, so that it is noticed when the other side goes away.
    if (!hasLines(request.data)) lines.close();
    await caller.tell({ done: await answers.answer(request.data, caller) });
  } catch (error) {
    await caller.tell({ refused: refusalOf(error, log) });
  }
  socket.end();
  lines.close();
}

class Refused extends Error {
  override readonly name = "Refused";
}

function refusalOf(error: unknown, log: (line: string) => void): HelperRefusal {
  if (error instanceof Refused) return { kind: "refused", message: error.message };
  if (error instanceof UnsupportedServer) return { kind: "unsupported", message: error.message };
  if (error instanceof MachineFailure) return { kind: "machine", message: error.message };
  log(`a fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { kind: "machine", message: "The helper failed at this; its own log says why." };
}

/** Long texts of the other side are not told back. */
function firstIssue({ issues: [issue] }: { issues: { path: PropertyKey[]; message: string }[] }): string {
  return `${issue?.path.map(String).join(".").slice(0, 80) || "as a whole"}: ${(issue?.message ?? "").slice(0, 200)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something, so that it is refused as what it is.
    return null;
  }
}

function toStderr(line: string): void {
  process.stderr.write(`portcullis-helper: ${line}\n`);
}
