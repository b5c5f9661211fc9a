import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Step } from "@/lib/core/apply/outcome";
import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import type { Asked, HelperAnswers, HelperLine, HelperRefusal, RequestFor } from "@/lib/core/helper/replies";
import { errorCode } from "../files";

/** Where the helper listens that may do what this process may not. */
export interface HelperAddress {
  socket: string;
}

/** A way back may take a minute, and others may be at it before. */
const TIMEOUT_MS = 5 * 60_000;

export interface Listening {
  onStep?: ((step: Step, detail: string) => void) | undefined;
  onNames?: ((names: readonly string[]) => Promise<void>) | undefined;
}

/**
 * Asks the helper one thing.
 * @throws MachineFailure, UnsupportedServer with its sentence when it refuses or can't be reached.
 */
export async function askHelper<Ask extends Asked>(
  helper: HelperAddress,
  request: RequestFor<Ask>,
  listening: Listening = {},
): Promise<HelperAnswers[Ask]> {
  const talk = await talkTo(helper, request, listening);
  try {
    return await talk.answer();
  } finally {
    talk.hangUp();
  }
}

/** A request that goes on after its first line. */
export interface Talk<Ask extends Asked> {
  /** Waits until the helper is ready for more. */
  ready(): Promise<void>;
  send(line: object): Promise<void>;
  answer(): Promise<HelperAnswers[Ask]>;
  hangUp(): void;
}

export async function talkTo<Ask extends Asked>(
  { socket: path }: HelperAddress,
  request: RequestFor<Ask>,
  { onStep, onNames }: Listening = {},
): Promise<Talk<Ask>> {
  const socket = await connected(path);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new MachineFailure(SILENT)));
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  let broken: unknown;
  // The loop below ends with it and tells.
  socket.on("error", (error) => (broken = error));

  async function next(): Promise<HelperLine> {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value) as HelperLine;
    throw broken instanceof MachineFailure ? broken : new MachineFailure(SILENT, { cause: broken });
  }

  const talk: Talk<Ask> = {
    async ready() {
      const line = await next();
      if ("refused" in line) throw failureOf(line.refused);
    },
    async send(line) {
      // Whoever hung up said why: the answer tells.
      if (broken || !socket.writable) return;
      if (!socket.write(`${JSON.stringify(line)}\n`))
        await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => {});
    },
    async answer() {
      for (;;) {
        const line = await next();
        if ("done" in line) return line.done as HelperAnswers[Ask];
        if ("refused" in line) throw failureOf(line.refused);
        if ("step" in line) onStep?.(line.step, line.detail);
        if ("names" in line) await onNames?.(line.names);
      }
    },
    hangUp: () => void socket.destroy(),
  };
  await talk.send(request);
  return talk;
}

const SILENT = "Portcullis's helper ended or did not answer. Is portcullis-helper running?";

async function connected(path: string): Promise<Socket> {
  const socket = createConnection({ path });
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    throw new MachineFailure(
      `Portcullis's helper can't be reached at ${path}: ${WHY[errorCode(error) ?? ""] ?? String(error)}.`,
      {
        cause: error,
      },
    );
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "it does not run",
  ECONNREFUSED: "it does not run",
  EACCES: "this user may not (it is for root and the helper's group)",
  EAGAIN: "too many wait for it",
};

function failureOf({ kind, message }: HelperRefusal): Error {
  return kind === "unsupported" ? new UnsupportedServer(message) : new MachineFailure(message);
}
