import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import type { SandboxPorts } from "@/lib/core/sandbox/config";

/**
 * Below what Linux gives to outgoing connections (32768–60999): a port of those may be taken by any client between our
 * look at it and the server's start, which happened. Drawn at random, so that two test files seldom draw the same one.
 */
const FROM = 14_000;
const BELOW = 32_000;
const TRIES = 200;

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries === TRIES) throw new Error(`Only ${ports.length} of ${count} free ports were found.`);
    const port = randomInt(FROM, BELOW);
    const server = await hold(port);
    if (server === undefined) continue;
    held.push(server);
    ports.push(port);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export async function freeSandboxPorts(): Promise<SandboxPorts> {
  const [imap = 0, imaps = 0, pop3 = 0, pop3s = 0, lmtp = 0] = await freePorts(5);
  return { imap, imaps, pop3, pop3s, lmtp };
}

/** A server at the port of every address, as some of the tests' servers listen; undefined where somebody has it. */
function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ port }, () => resolve(server));
  });
}
