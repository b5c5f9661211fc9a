import { createConnection, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/**
 * A line-based conversation with a server, over a socket that may turn into TLS. Certificates aren't judged: the
 * question is whether the port speaks, and a self-signed one speaks as well.
 */
export class Conversation {
  private buffered = "";
  private ended: Error | undefined;
  private wake: () => void = () => {};
  /** SHA-256 of the certificate that the server showed, as `X509Certificate.fingerprint256`; undefined without TLS. */
  fingerprint: string | undefined;

  private constructor(private socket: Socket) {
    this.listen(socket);
  }

  /** @throws Error with a system code when the connection is refused. */
  static async connect(host: string, port: number, signal: AbortSignal): Promise<Conversation> {
    const socket = createConnection({ host, port, signal });
    await established(socket, "connect");
    return new Conversation(socket);
  }

  async startTls(): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners();
    const secure = connectTls({
      socket: plain,
      rejectUnauthorized: false,
      // The oldest a server may be set to: whether that is wise is another question than whether it answers.
      minVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    this.listen(secure);
    await established(secure, "secureConnect");
    this.fingerprint = secure.getPeerX509Certificate()?.fingerprint256;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.buffered.indexOf("\n");
      if (end >= 0) {
        const line = this.buffered.slice(0, end).replace(/\r$/, "");
        this.buffered = this.buffered.slice(end + 1);
        return line;
      }
      if (this.ended) throw this.ended;
      if (this.buffered.length > LONGEST_LINE) throw new Error("it sent a line without an end");
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  say(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  close(): void {
    this.socket.destroy();
  }

  private listen(socket: Socket): void {
    this.socket = socket;
    const stop = (reason: Error) => {
      this.ended ??= reason;
      this.wake();
    };
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      this.buffered += String(text);
      this.wake();
    });
    socket.on("error", stop);
    socket.on("close", () => stop(new Error("it closed the connection without a word")));
  }
}

/** In characters; a greeting with every capability has a few hundred. */
const LONGEST_LINE = 16_384;

function established(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("it closed the connection during the handshake")));
  });
}
