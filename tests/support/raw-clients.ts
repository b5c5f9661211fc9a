import { createConnection, type Socket } from "node:net";
import { connect as connectTls, type SecureVersion } from "node:tls";

const TIMEOUT_MS = 8000;

/** Everything old and new, so that only the server's choice decides. */
const CIPHERS = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ALL:@SECLEVEL=0";

/** The version and cipher that a client which can do only `version` gets, or why it gets none. */
export function tlsHandshake(port: number, version: SecureVersion): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host: "127.0.0.1",
      port,
      minVersion: version,
      maxVersion: version,
      ciphers: CIPHERS,
      rejectUnauthorized: false,
      servername: "localhost",
    });
    const settle = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => settle("refused: no answer"));
    socket.once("secureConnect", () => settle(`${socket.getProtocol()} ${socket.getCipher().name}`));
    socket.once("error", (error) => settle(`refused: ${error.message}`));
    socket.once("close", () => settle("refused: closed"));
  });
}

/** A client that speaks a line at a time, from an address of our choice. */
export class LineClient {
  private buffered = "";
  private closed = false;
  private wake: () => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      this.buffered += String(text);
      this.wake();
    });
    const end = () => {
      this.closed = true;
      this.wake();
    };
    socket.on("close", end);
    socket.on("error", end);
  }

  /** @throws Error with a system code when the connection is refused. */
  static async connect(port: number, { host = "127.0.0.1", from = "127.0.0.1" } = {}): Promise<LineClient> {
    const socket = createConnection({ host, port, localAddress: from });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new LineClient(socket);
  }

  send(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  /** The next line that matches; the lines before it are passed over. */
  async until(pattern: RegExp, timeoutMs = TIMEOUT_MS): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const end = this.buffered.indexOf("\r\n");
      if (end >= 0) {
        const line = this.buffered.slice(0, end);
        this.buffered = this.buffered.slice(end + 2);
        if (pattern.test(line)) return line;
        continue;
      }
      if (this.closed) throw new Error(`The server closed the connection before ${pattern}.`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`No line matched ${pattern} within ${timeoutMs} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

interface Account {
  address: string;
  password: string;
}

/** Signs in over IMAP without TLS; the server's answer. */
export async function plainImapLogin(
  port: number,
  { address, password }: Account,
  from?: string,
): Promise<{ client: LineClient; answer: string }> {
  const client = await LineClient.connect(port, from ? { from } : {});
  await client.until(/^\* OK/);
  client.send(`a LOGIN ${address} "${password}"`);
  return { client, answer: await client.until(/^a /) };
}

/** Delivers a message by LMTP; the server's answer to it. */
export async function deliverByLmtp(port: number, to: string, body: string): Promise<string> {
  const client = await LineClient.connect(port);
  try {
    await client.until(/^220/);
    client.send("LHLO client.example");
    await client.until(/^250 /);
    client.send("MAIL FROM:<sender@elsewhere.example>");
    await client.until(/^250/);
    client.send(`RCPT TO:<${to}>`);
    const recipient = await client.until(/^\d/);
    if (!recipient.startsWith("250")) return recipient;
    client.send("DATA");
    await client.until(/^354/);
    client.send(`Subject: delivered\r\n\r\n${body}\r\n.`);
    return await client.until(/^\d/);
  } finally {
    client.close();
  }
}
