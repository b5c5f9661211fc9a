import { performance } from "node:perf_hooks";
import type { Sighting } from "@/lib/core/apply/outcome";
import type { Listener } from "@/lib/core/dovecot/effective";
import { errorCode } from "../files";
import { Conversation } from "./conversation";

/** A healthy server greets in 2–20 ms, one under load in some hundred. */
const TIMEOUT_MS = 2000;

/**
 * Connects to a listener as a client would: greeting, and the TLS handshake where the port is for TLS or offers
 * it. No login is tried, so nobody's failed-login penalty grows.
 */
export async function lookAt(listener: Listener): Promise<Sighting> {
  return (await visit(listener)).seen;
}

/** The same, and the SHA-256 fingerprint of the certificate that it showed; undefined where it doesn't speak TLS. */
export async function lookAtCertificate(
  listener: Listener,
): Promise<{ seen: Sighting; fingerprint: string | undefined }> {
  return await visit(listener);
}

async function visit(listener: Listener): Promise<{ seen: Sighting; fingerprint: string | undefined }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let conversation: Conversation | undefined;
  try {
    const begun = performance.now();
    const open = await Conversation.connect(reachable(listener.address), listener.port, timeout);
    conversation = open;
    const expired = new Promise<never>((_, reject) => {
      timeout.addEventListener("abort", () => reject(timeout.reason as Error), { once: true });
    });
    const latencyMs = await Promise.race([greet(open, listener, begun), expired]);
    return { seen: { state: "open", latencyMs }, fingerprint: open.fingerprint };
  } catch (error) {
    const isClosed = errorCode(error) === "ECONNREFUSED";
    const reason = reasonFor(error, conversation !== undefined);
    return { seen: isClosed ? { state: "closed" } : { state: "failing", reason }, fingerprint: undefined };
  } finally {
    conversation?.close();
  }
}

/** A wildcard is looked at by way of the loopback; what a firewall does outside of it can't be seen from here. */
function reachable(address: string): string {
  if (address === "*" || address === "0.0.0.0") return "127.0.0.1";
  if (address === "::" || address === "[::]") return "::1";
  return address.replace(/^\[(.*)\]$/, "$1");
}

/** Returns the milliseconds to the greeting. */
async function greet(conversation: Conversation, listener: Listener, begun: number): Promise<number> {
  // Behind a proxy the server waits for the proxy's header; that it accepted is all that can be seen.
  if (listener.haproxy) return elapsed(begun);
  if (listener.tls) await handshake(conversation);
  const greeting = await conversation.line();
  const latencyMs = elapsed(begun);
  const dialect = DIALECTS[listener.protocol];
  if (!(dialect?.greeting ?? /\S/).test(greeting)) {
    throw new Error(`it greets with ${JSON.stringify(greeting.slice(0, 60))}`);
  }
  if (dialect && !listener.tls && (await dialect.offersTls(conversation, greeting)))
    await handshake(conversation);
  if (dialect) conversation.say(dialect.goodbye);
  return latencyMs;
}

async function handshake(conversation: Conversation): Promise<void> {
  try {
    await conversation.startTls();
  } catch (error) {
    throw new Error("the TLS handshake fails", { cause: error });
  }
}

interface Dialect {
  greeting: RegExp;
  /** Asks for STARTTLS; true when the server is now waiting for the handshake. */
  offersTls(conversation: Conversation, greeting: string): Promise<boolean>;
  goodbye: string;
}

const never = () => Promise.resolve(false);

const DIALECTS: Readonly<Record<string, Dialect>> = {
  imap: {
    greeting: /^\* (?:OK|PREAUTH)\b/,
    async offersTls(conversation, greeting) {
      if (!/\bSTARTTLS\b/.test(greeting)) return false;
      conversation.say("a STARTTLS");
      return (await conversation.line()).startsWith("a OK");
    },
    goodbye: "b LOGOUT",
  },
  pop3: {
    greeting: /^\+OK\b/,
    async offersTls(conversation) {
      conversation.say("CAPA");
      const capabilities: string[] = [];
      for (
        let line = await conversation.line();
        line !== "." && !line.startsWith("-ERR");
        line = await conversation.line()
      ) {
        capabilities.push(line);
      }
      if (!capabilities.includes("STLS")) return false;
      conversation.say("STLS");
      return (await conversation.line()).startsWith("+OK");
    },
    goodbye: "QUIT",
  },
  lmtp: { greeting: /^220[ -]/, offersTls: never, goodbye: "QUIT" },
  submission: { greeting: /^220[ -]/, offersTls: never, goodbye: "QUIT" },
  sieve: { greeting: /^"/, offersTls: never, goodbye: "LOGOUT" },
};

/** Whole milliseconds, but for the first few, where a tenth still tells something. */
function elapsed(begun: number): number {
  const ms = performance.now() - begun;
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}

function reasonFor(error: unknown, connected: boolean): string {
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return connected
      ? `it does not greet within ${TIMEOUT_MS / 1000} seconds`
      : "the connection is not answered";
  }
  if (errorCode(error) === "ECONNRESET") return "it breaks the connection";
  return error instanceof Error ? error.message : String(error);
}
