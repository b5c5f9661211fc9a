import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

/**
 * A login spoken line by line, for what mail clients don't do: any mechanism, any name, and the server's exact answer.
 * Mechanisms: RFC 4616 (PLAIN), 2195 (CRAM-MD5), 2831 (DIGEST-MD5), 5802/7677 (SCRAM), 1939 (APOP, USER).
 */
export type Mechanism =
  | "USER"
  | "PLAIN"
  | "LOGIN"
  | "CRAM-MD5"
  | "DIGEST-MD5"
  | "SCRAM-SHA-1"
  | "SCRAM-SHA-256"
  | "APOP";

export interface WireLogin {
  protocol: "imap" | "pop3";
  port: number;
  encryption: "none" | "starttls" | "tls";
  mechanism: Mechanism;
  user: string;
  password: string;
  host?: string;
  /** The client's own address. */
  from?: string;
}

/** How the server answered: let in, refused although the password is right, refused like a wrong password, or not able to say. */
export type Answer = "ok" | "disabled" | "wrong" | "temporary" | "no-mechanism";

export async function wireLogin(login: WireLogin): Promise<{ answer: Answer; line: string }> {
  const wire = await Wire.connect(login);
  try {
    const line = await (login.protocol === "imap" ? imap(wire, login) : pop3(wire, login));
    return { answer: answerIn(line), line };
  } finally {
    wire.close();
  }
}

function answerIn(line: string): Answer {
  if (/^(?:a OK|\+OK)/.test(line)) return "ok";
  if (line.includes("Login disabled for this user")) return "disabled";
  if (/\[(?:UNAVAILABLE|SYS\/TEMP)\]/.test(line)) return "temporary";
  if (/Unsupported authentication mechanism|Plaintext authentication disallowed|cleartext/i.test(line))
    return "no-mechanism";
  return "wrong";
}

class Wire {
  private lines: AsyncIterator<string>;
  greeting = "";
  private constructor(private socket: Socket) {
    this.lines = linesOf(socket);
  }

  static async connect({
    protocol,
    port,
    encryption,
    host = "127.0.0.1",
    from = "127.0.0.1",
  }: WireLogin): Promise<Wire> {
    const plain = createConnection({ host, port, localAddress: from });
    await once(plain, "connect");
    const wire = new Wire(encryption === "tls" ? await secured(plain) : plain);
    wire.greeting = await wire.line();
    if (encryption !== "starttls") return wire;
    wire.say(protocol === "imap" ? "s STARTTLS" : "STLS");
    await wire.line();
    plain.removeAllListeners("data");
    wire.socket = await secured(plain);
    wire.lines = linesOf(wire.socket);
    return wire;
  }

  async line(): Promise<string> {
    const next = await this.lines.next();
    if (next.done) throw new Error("the server ended the connection");
    return next.value;
  }

  say(text: string): void {
    this.socket.write(`${text}\r\n`);
  }

  close(): void {
    this.socket.destroy();
  }
}

function linesOf(socket: Socket): AsyncIterator<string> {
  return createInterface({ input: socket })[Symbol.asyncIterator]();
}

async function secured(socket: Socket): Promise<Socket> {
  const secure = connectTls({ socket, rejectUnauthorized: false });
  await once(secure, "secureConnect");
  return secure;
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once("error", reject);
  });
}

async function pop3(wire: Wire, { mechanism, user, password }: WireLogin): Promise<string> {
  if (mechanism === "USER") {
    wire.say(`USER ${user}`);
    await wire.line();
    wire.say(`PASS ${password}`);
    return await wire.line();
  }
  if (mechanism === "APOP") {
    const stamp = /<[^>]+>/.exec(wire.greeting)?.[0] ?? "";
    wire.say(
      `APOP ${user} ${createHash("md5")
        .update(stamp + password)
        .digest("hex")}`,
    );
    return await wire.line();
  }
  return await exchange(wire, mechanism, user, password, (name) => `AUTH ${name}`);
}

async function imap(wire: Wire, { mechanism, user, password }: WireLogin): Promise<string> {
  if (mechanism === "USER") {
    wire.say(`a LOGIN ${literal(user)} ${literal(password)}`);
    return await tagged(wire);
  }
  if (mechanism === "APOP") throw new Error("APOP is POP3's.");
  return await exchange(wire, mechanism, user, password, (name) => `a AUTHENTICATE ${name}`);
}

function literal(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

async function tagged(wire: Wire): Promise<string> {
  for (;;) {
    const line = await wire.line();
    if (!line.startsWith("* ")) return line;
  }
}

async function exchange(
  wire: Wire,
  mechanism: Exclude<Mechanism, "USER" | "APOP">,
  user: string,
  password: string,
  begin: (name: string) => string,
): Promise<string> {
  const client = CLIENTS[mechanism](user, password);
  wire.say(begin(mechanism));
  for (;;) {
    const line = await tagged(wire);
    const challenge = /^\+ ?(?!OK)(.*)$/.exec(line)?.[1];
    if (challenge === undefined) return line;
    wire.say(Buffer.from(client(Buffer.from(challenge, "base64").toString("utf8"))).toString("base64"));
  }
}

/** A mechanism's client: each challenge in, the response out. */
type SaslClient = (user: string, password: string) => (challenge: string) => string;

const CLIENTS: Readonly<Record<Exclude<Mechanism, "USER" | "APOP">, SaslClient>> = {
  PLAIN: (user, password) => () => `\0${user}\0${password}`,
  LOGIN: (user, password) => {
    const answers = [user, password];
    return () => answers.shift() ?? "";
  },
  "CRAM-MD5": (user, password) => (challenge) =>
    `${user} ${createHmac("md5", password).update(challenge).digest("hex")}`,
  "DIGEST-MD5": (user, password) => (challenge) =>
    challenge.startsWith("rspauth=") ? "" : digestMd5(user, password, challenge),
  "SCRAM-SHA-1": (user, password) => scram("sha1", user, password),
  "SCRAM-SHA-256": (user, password) => scram("sha256", user, password),
};

function digestMd5(user: string, password: string, challenge: string): string {
  const field = (name: string) => new RegExp(`${name}="?([^",]*)"?`).exec(challenge)?.[1] ?? "";
  const md5 = (text: string | Buffer) => createHash("md5").update(text);
  const cnonce = randomBytes(12).toString("hex");
  const uri = "imap/localhost";
  const realm = field("realm");
  const nonce = field("nonce");
  const first = Buffer.concat([
    md5(`${user}:${realm}:${password}`).digest(),
    Buffer.from(`:${nonce}:${cnonce}`),
  ]);
  const response = md5(
    [
      md5(first).digest("hex"),
      nonce,
      "00000001",
      cnonce,
      "auth",
      md5(`AUTHENTICATE:${uri}`).digest("hex"),
    ].join(":"),
  ).digest("hex");
  return `username="${user}",realm="${realm}",nonce="${nonce}",cnonce="${cnonce}",nc=00000001,qop=auth,digest-uri="${uri}",response=${response},charset=utf-8`;
}

function scram(hash: string, user: string, password: string): (challenge: string) => string {
  const bare = `n=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${randomBytes(12).toString("hex")}`;
  const length = hash === "sha1" ? 20 : 32;
  return (challenge) => {
    if (challenge === "") return `n,,${bare}`;
    if (challenge.startsWith("v=")) return "";
    const [, nonce = "", salt = "", rounds = "1"] = /r=([^,]+),s=([^,]+),i=(\d+)/.exec(challenge) ?? [];
    const final = `c=biws,r=${nonce}`;
    const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(rounds), length, hash);
    const key = createHmac(hash, salted).update("Client Key").digest();
    const stored = createHash(hash).update(key).digest();
    const signature = createHmac(hash, stored).update(`${bare},${challenge},${final}`).digest();
    const proof = key.map((byte, index) => byte ^ (signature[index] ?? 0));
    return `${final},p=${Buffer.from(proof).toString("base64")}`;
  };
}
