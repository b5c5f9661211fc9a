import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** What a receiver does with the next message. */
type Manner = "take" | "fail" | "hang" | "redirect";

export interface Posted {
  headers: IncomingHttpHeaders;
  body: string;
  json: {
    id: string;
    test: boolean;
    text: string;
    alerts: {
      id: string;
      key: string;
      event: string;
      severity: string;
      sentence: string;
      url: string | null;
    }[];
  };
}

/** A real HTTP server that takes alerts, or doesn't. */
export interface WebhookReceiver {
  url: string;
  posted: Posted[];
  /** Requests that came in, whatever was done with them. */
  tries(): number;
  manner: Manner;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  let tries = 0;
  const server = createServer((request, response) => {
    tries += 1;
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      if (receiver.manner === "hang") return;
      if (receiver.manner === "redirect")
        return void response.writeHead(302, { location: "/elsewhere" }).end();
      if (receiver.manner === "fail") return void response.writeHead(500).end(`no, not ${body}`);
      receiver.posted.push({ headers: request.headers, body, json: JSON.parse(body) as Posted["json"] });
      response.writeHead(204).end();
    });
  });
  const port = await listening(server);
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hooks/very-secret-path`,
    posted: [],
    tries: () => tries,
    manner: "take",
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

export interface Mailed {
  from: string;
  to: string[];
  /** Head and body as they came. */
  text: string;
}

/** A real SMTP server on the loopback that takes mail from one user, and remembers who tried to sign in. */
export interface MailReceiver {
  port: number;
  mailed: Mailed[];
  signIns: string[];
  close(): Promise<void>;
}

export const SMTP_USER = { name: "panel", password: "smtp-p4ssword-of-the-panel" };

export async function startMailReceiver(options: SMTPServerOptions = {}): Promise<MailReceiver> {
  const mailed: Mailed[] = [];
  const signIns: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      signIns.push(`${username} ${password}`);
      if (username === SMTP_USER.name && password === SMTP_USER.password)
        return done(null, { user: username });
      done(Object.assign(new Error(`Not with ${password}`), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith("nobody@"))
        return done(Object.assign(new Error("No such mailbox here"), { responseCode: 550 }));
      done();
    },
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk) => (text += String(chunk)));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mailed.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text,
        });
        done();
      });
    },
    ...options,
  });
  // A client that breaks off is what some tests are about.
  server.on("error", () => {});
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, "127.0.0.1", () => resolve((listener.address() as AddressInfo).port));
  });
  return {
    port,
    mailed,
    signIns,
    close: async () => await new Promise((resolve) => server.close(() => resolve())),
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
